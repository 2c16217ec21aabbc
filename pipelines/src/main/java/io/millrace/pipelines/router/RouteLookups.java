package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.TableSpec;
import io.millrace.pipelines.enrich.ChangelogReads;
import io.millrace.pipelines.enrich.EnrichEvents;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.router.RouteEvents;
import io.millrace.transforms.router.Routed;
import java.util.List;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The lookups of a route, and what it makes of events with their answers: those before its filter, the filter, those behind it, and then
 * projection and key.
 *
 * @param outputs the routes as the run has them
 * @param route the route
 * @param changelogs how its changelogs are read
 * @param deadLetters gets what the steps give up
 */
record RouteLookups(
        Outputs outputs, RouteSpec route, ChangelogReads changelogs, List<PCollection<DeadLetter>> deadLetters) {

    /** The results of events that the route took to be looked up; of a route
     * without lookups that have steps of their own, these events.
     */
    PCollection<Event> answered(PCollection<Event> taken) {
        List<EnrichSpec> before = Outputs.lookups(route, true);
        List<EnrichSpec> after = Outputs.lookups(route, false);
        if (before.isEmpty() && after.isEmpty()) {
            return taken;
        }
        PCollection<Event> events = lookedUp(taken, before);
        if (!before.isEmpty() && !after.isEmpty()) {
            events = routed("filtered-", events, outputs.filtered(route));
        }
        return routed("enriched-", lookedUp(events, after), outputs.enriched(route));
    }

    private PCollection<Event> lookedUp(PCollection<Event> events, List<EnrichSpec> lookups) {
        PCollection<Event> enriched = events;
        for (EnrichSpec lookup : lookups) {
            enriched = lookedUp(enriched, lookup);
        }
        return enriched;
    }

    private PCollection<Event> lookedUp(PCollection<Event> events, EnrichSpec lookup) {
        TableSpec table = lookup.table();
        if (table != null) {
            return routed("enrich-" + lookup.into() + "-", events, outputs.lookedUp(route, lookup, table));
        }
        PCollectionTuple answers = events.apply(
                LookupSteps.name(route.name(), lookup.into()),
                EnrichEvents.of(outputs.spec().name(), route, lookup, changelogs));
        deadLetters.add(answers.get(EnrichEvents.DEAD_LETTERS));
        return answers.get(EnrichEvents.RESULTS);
    }

    private PCollection<Event> routed(String step, PCollection<Event> events, RouteEvents with) {
        Routed results = events.apply(step + route.name(), with);
        deadLetters.add(results.deadLetters());
        return results.route(route.name());
    }
}
