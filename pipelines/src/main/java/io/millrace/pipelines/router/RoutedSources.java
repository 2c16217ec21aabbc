package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.router.Routed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * The sources of a spec, each read once and routed to the routes that read it.
 *
 * <p>The steps of a source with a name have that name behind their own, so a source that is added leaves the state of the others alone.
 */
final class RoutedSources {
    private final RouterSpec spec;
    private final Map<String, Routed> routed = new LinkedHashMap<>();
    private final List<PCollection<DeadLetter>> deadLetters = new ArrayList<>();
    private final List<RouteSpec> together;

    private RoutedSources(RouterSpec spec, List<RouteSpec> together) {
        this.spec = spec;
        this.together = together;
    }

    /**
     * Reads and routes what outputs are to be written of.
     *
     * @param together the routes whose results are merged
     */
    static RoutedSources of(Outputs outputs, List<RouteSpec> together, PBegin begin, Reads reads) {
        RoutedSources sources = new RoutedSources(outputs.spec(), together);
        outputs.spec().namedSources().forEach((name, source) -> sources.route(name, source, outputs, begin, reads));
        return sources;
    }

    private void route(String name, SourceSpec source, Outputs outputs, PBegin begin, Reads reads) {
        List<RouteSpec> routes =
                spec.routes().stream().filter(route -> route.reads(name)).toList();
        EventsRead read = begin.apply(step("source", name), Sources.of(source, reads));
        Routed results = read.events()
                .apply(
                        step("routes", name),
                        outputs.routes(routes, reads.handedOver()).merging(merged(routes)));
        routed.put(name, results);
        deadLetters.add(results.deadLetters());
        deadLetters.add(read.deadLetters()
                .apply(
                        step("unread", name),
                        ParDo.of(new CountUnreadFn(
                                spec.name(),
                                routes.stream().map(RouteSpec::name).toList(),
                                reads.handedOver()))));
    }

    private List<String> merged(List<RouteSpec> routes) {
        return routes.stream().filter(together::contains).map(RouteSpec::name).toList();
    }

    private String step(String name, String source) {
        return spec.sources() == null ? name : name + "-" + source;
    }

    /** The results of a route, of all its sources. */
    PCollection<Event> results(RouteSpec route) {
        List<PCollection<Event>> results = routed.entrySet().stream()
                .filter(source -> route.reads(source.getKey()))
                .map(source -> source.getValue().route(route.name()))
                .toList();
        return flat(results, "results-of-" + route.name());
    }

    /** The results of the merged routes, of all sources. */
    PCollection<List<Event>> merged() {
        List<PCollection<List<Event>>> results = routed.entrySet().stream()
                .filter(source -> together.stream().anyMatch(route -> route.reads(source.getKey())))
                .map(source -> source.getValue().merged())
                .toList();
        return flat(results, "results");
    }

    private static <T> PCollection<T> flat(List<PCollection<T>> results, String step) {
        return results.size() == 1
                ? results.get(0)
                : PCollectionList.of(results).apply(step, Flatten.pCollections());
    }

    /** What the routes could not process, and what could not be read for them. */
    List<PCollection<DeadLetter>> deadLetters() {
        return List.copyOf(deadLetters);
    }
}
