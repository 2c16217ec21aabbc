package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.Match;
import io.millrace.devinterface.spec.ParkingSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.TableSpec;
import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.bulkhead.RouteWriter;
import io.millrace.io.bulkhead.WriteRoutes;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.sink.SinkContext;
import io.millrace.pipelines.enrich.TableAnswers;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.router.Route;
import io.millrace.transforms.router.RouteEvents;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The routes of a spec as a run has them, and the sinks of their results and of dead letters. */
record Outputs(RouterSpec spec, Run run) {

    /** The transform that gives each of some routes its results. */
    RouteEvents routes(List<RouteSpec> routes, HandedOver handedOver) {
        RouteEvents all =
                RouteEvents.to(routes.stream().map(this::route).toList()).withPipeline(spec.name());
        RouteEvents beginning = handedOver.isNothing() ? all : all.beginningAt(handedOver);
        return spec.match() == Match.FIRST ? beginning.matchingFirst() : beginning;
    }

    /** A route with lookups takes what is to be looked up, as it is; the rest comes when that has its answers. */
    private Route route(RouteSpec route) {
        if (lookups(route, true).isEmpty() && lookups(route, false).isEmpty()) {
            return whole(route);
        }
        return taking(route, lookups(route, true).isEmpty());
    }

    /** The lookups of a route with steps of their own: those before its filter, or those behind it. */
    static List<EnrichSpec> lookups(RouteSpec route, boolean beforeFilter) {
        List<EnrichSpec> lookups = behindFilter(route, !beforeFilter);
        return beforeFilter
                ? lookups
                : lookups.subList(0, lookups.size() - atOnce(route).size());
    }

    /** The last lookups of a route: where they are in tables, nobody is waited for, and they need no step of their own. */
    private static List<EnrichSpec> atOnce(RouteSpec route) {
        List<EnrichSpec> lookups = behindFilter(route, true);
        int first = lookups.size();
        while (first > 0 && lookups.get(first - 1).table() != null) {
            first--;
        }
        return lookups.subList(first, lookups.size());
    }

    private static List<EnrichSpec> behindFilter(RouteSpec route, boolean behind) {
        return route.lookups().stream()
                .filter(lookup -> lookup.beforeFilter() != behind)
                .toList();
    }

    private static Route taking(RouteSpec spec, boolean filters) {
        Route taking = Route.named(spec.name()).withOnError(spec.onError());
        return filters ? taking.withFilter(spec.filter()) : taking;
    }

    /** The transform that looks events of a route up in a table. */
    RouteEvents lookedUp(RouteSpec route, EnrichSpec lookup, TableSpec table) {
        return continuing(
                taking(route, false).withLookups(List.of(TableAnswers.lookup(spec.name(), route, lookup, table))));
    }

    /** The transform that takes of events with their first answers those that a route's filter takes. */
    RouteEvents filtered(RouteSpec spec) {
        return continuing(taking(spec, true));
    }

    /** The transform that makes of events with all their answers what a route makes of them. */
    RouteEvents enriched(RouteSpec route) {
        return continuing(
                lookups(route, false).isEmpty() ? whole(route) : whole(route).withFilter(null));
    }

    private RouteEvents continuing(Route route) {
        return RouteEvents.to(route).withPipeline(spec.name()).continuing();
    }

    private Route whole(RouteSpec route) {
        return Route.named(route.name())
                .withFilter(route.filter())
                .withLookups(atOnce(route).stream()
                        .map(lookup -> TableAnswers.lookup(spec.name(), route, lookup, requireNonNull(lookup.table())))
                        .toList())
                .withProjection(route.projection())
                .withKey(route.key())
                .withRemovals(spec.readsViews(route))
                .withOnError(route.onError());
    }

    private SinkContext context(RouteSpec route) {
        return context(run, spec, route).sharing(spec.isShared());
    }

    /** What a route's sink is told of it, but for whether it shares its job. */
    static SinkContext context(Run run, RouterSpec spec, RouteSpec route) {
        boolean keyed = route.key() != null || spec.readsViews(route);
        return new SinkContext(run, route.name(), keyed)
                .inOrder(spec.keepsOrder(route))
                .archive(route.isArchive());
    }

    /**
     * What the sink of dead letters is told of them: those of routes that are jobs of their own are apart, and the name is never one of
     * a route.
     */
    static SinkContext deadLetters(Run run, RouterSpec spec) {
        String routes = spec.isShared() ? "of.all" : spec.routes().get(0).name();
        return new SinkContext(run, "dead-letters." + routes, false).sharing(spec.isShared());
    }

    /** Whether a route shares its job, and its sink is written by the step that writes those of many routes. */
    boolean isWrittenWithOthers(RouteSpec route) {
        return spec.isShared() && route.sink().writer(context(route)).isPresent();
    }

    /** Writes the results of routes that share the job to their sinks, and gives as dead letters what these did not take. */
    PCollection<DeadLetter> writeTogether(List<RouteSpec> routes, PCollection<List<Event>> results) {
        ParkingSpec parking = spec.ends() ? null : spec.parking();
        WriteRoutes write = WriteRoutes.of(
                routes.stream().map(route -> writer(route, parking != null)).toList());
        return results.apply(
                "write", parking == null ? write : write.withParking(KafkaEvents.parking(parking.kafka())));
    }

    /** A run that ends has to wait for its slowest sink in any case. */
    private RouteWriter writer(RouteSpec route, boolean parks) {
        OnSlow onSlow = requireNonNullElse(route.onSlow(), OnSlow.PARK);
        SinkContext context = context(route);
        return new RouteWriter(
                context,
                route.sink().writer(context).orElseThrow(),
                requireNonNullElse(route.inFlight(), InFlight.DEFAULT),
                onSlow == OnSlow.PARK && !parks ? OnSlow.BLOCK : onSlow);
    }

    /** Writes a route's results to its sink, and gives as dead letters what that did not take. */
    PCollection<DeadLetter> write(RouteSpec route, PCollection<Event> results) {
        return results.apply("to-" + route.name(), route.sink().write(context(route)))
                .apply("refused-by-" + route.name(), Window.into(new GlobalWindows()));
    }

    /** Writes dead letters of all kinds to their sink. */
    void writeDeadLetters(List<PCollection<DeadLetter>> deadLetters) {
        PCollectionList.of(deadLetters)
                .apply("all-dead-letters", Flatten.pCollections())
                .apply("dead-letters", WriteDeadLetters.to(spec.deadLetters(), deadLetters(run, spec)));
    }
}
