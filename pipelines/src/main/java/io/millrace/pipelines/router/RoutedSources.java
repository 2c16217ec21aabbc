package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import io.millrace.devinterface.spec.JoinSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SourceSpec;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.io.source.EventsRead;
import io.millrace.pipelines.join.JoinEvents;
import io.millrace.pipelines.view.ViewEvents;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.router.Routed;
import io.millrace.transforms.script.RunScript;
import io.millrace.transforms.script.Scripted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * The sources of a spec, each read once and routed to the routes that read it, and what joins and views make of them, likewise; with the lookups and
 * scripts of routes over what they take.
 *
 * <p>The steps of a source with a name have that name behind their own, so a source that is added leaves the state of the others alone;
 * so have the steps of a route's lookups and script.
 */
final class RoutedSources {
    private final RouterSpec spec;
    private final Map<String, PCollection<Event>> events = new LinkedHashMap<>();
    private final Map<String, Routed> routed = new LinkedHashMap<>();
    private final Map<String, PCollection<Event>> made = new LinkedHashMap<>();
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
        outputs.spec().namedSources().forEach((name, source) -> sources.read(name, source, outputs, begin, reads));
        outputs.spec().namedJoins().forEach((name, join) -> sources.join(name, join, outputs));
        outputs.spec().namedViews().forEach((name, view) -> sources.view(name, view, outputs, reads));
        outputs.spec().routes().stream()
                .filter(RouteSpec::looksUp)
                .forEach(route -> sources.made.put(
                        route.name(),
                        new RouteLookups(outputs, route, reads.changelogs(outputs.spec(), route), sources.deadLetters)
                                .answered(sources.routed(route))));
        outputs.spec()
                .routes()
                .forEach(route -> reads.script(outputs.spec(), route).ifPresent(script -> sources.run(script, route)));
        return sources;
    }

    private void run(RunScript script, RouteSpec route) {
        Scripted results = results(route).apply("script-" + route.name(), script);
        made.put(route.name(), results.results());
        deadLetters.add(results.deadLetters());
    }

    /** Reads a source, for the routes that read it and for joins. */
    private void read(String name, SourceSpec source, Outputs outputs, PBegin begin, Reads reads) {
        List<RouteSpec> routes = reading(name);
        List<RouteSpec> archives = spec.routes().stream()
                .filter(route -> route.isArchive() && route.reads(name))
                .toList();
        boolean asks = routes.stream().anyMatch(RouteSpec::asks);
        EventsRead read = begin.apply(step("source", name), Sources.of(source, reads, asks, !archives.isEmpty()));
        PCollection<Event> limited = Sources.limited(read.events(), source, step("limit", name));
        events.put(name, limited);
        archives.forEach(route -> made.put(
                route.name(),
                read.archived().apply("archive-" + route.name(), ParDo.of(new ArchiveFn(spec.name(), route.name())))));
        if (!routes.isEmpty()) {
            route(name, limited, outputs, reads.handedOver());
        }
        deadLetters.add(read.deadLetters().apply(step("unread", name), ofEach(readers(name), reads.handedOver())));
    }

    private void join(String name, JoinSpec join, Outputs outputs) {
        PCollection<Event> rights = events(join.right().from());
        PCollectionTuple joined =
                events(join.left().from()).apply("join-" + name, JoinEvents.of(outputs.run(), name, join, rights));
        for (String output : join.outputs(name)) {
            if (!reading(output).isEmpty()) {
                route(output, joined.get(tag(name, output)), outputs, HandedOver.NOTHING);
            }
        }
        deadLetters.add(joined.get(JoinEvents.DEAD_LETTERS)
                .apply("unjoined-" + name, ofEach(readersOfJoin(name), HandedOver.NOTHING)));
    }

    private void view(String name, ViewSpec view, Outputs outputs, Reads reads) {
        List<PCollection<Event>> changes =
                view.changes().stream().map(change -> events(change.from())).toList();
        PCollectionTuple told = PCollectionList.of(changes)
                .apply("view-" + name, ViewEvents.of(outputs.run(), name, view, reads.asksNobody()));
        route(name, told.get(ViewEvents.UPDATES), outputs, HandedOver.NOTHING);
        deadLetters.add(told.get(ViewEvents.DEAD_LETTERS)
                .apply("not-in-view-" + name, ofEach(reading(name), HandedOver.NOTHING)));
    }

    private static TupleTag<Event> tag(String join, String output) {
        if (output.equals(join)) {
            return JoinEvents.RESULTS;
        }
        return output.equals(JoinSpec.rates(join)) ? JoinEvents.RATES : JoinEvents.TRACES;
    }

    /** The routes that lack something where an event of a source is given up. */
    private List<RouteSpec> readers(String source) {
        Set<RouteSpec> readers = new LinkedHashSet<>(reading(source));
        spec.namedJoins().forEach((name, join) -> {
            if (join.reads(source)) {
                readers.addAll(readersOfJoin(name));
            }
        });
        spec.namedViews().forEach((name, view) -> {
            if (view.reads(source)) {
                readers.addAll(reading(name));
            }
        });
        return List.copyOf(readers);
    }

    /** Routes of its traces lack nothing. */
    private List<RouteSpec> readersOfJoin(String name) {
        return spec.routes().stream()
                .filter(route -> requireNonNull(spec.namedJoins().get(name)).resultsAndRates(name).stream()
                        .anyMatch(route::reads))
                .toList();
    }

    private PCollection<Event> events(String source) {
        return requireNonNull(events.get(source));
    }

    /** The routes that events of a source are routed to; archives are not among them. */
    private List<RouteSpec> reading(String source) {
        return spec.routes().stream()
                .filter(route -> route.reads(source) && !route.isArchive())
                .toList();
    }

    private void route(String source, PCollection<Event> read, Outputs outputs, HandedOver handedOver) {
        List<RouteSpec> routes = reading(source);
        Routed results = read.apply(
                step("routes", source), outputs.routes(routes, handedOver).merging(merged(routes)));
        routed.put(source, results);
        deadLetters.add(results.deadLetters());
    }

    /** What is of no route yet, as of each of these. */
    private ParDo.SingleOutput<DeadLetter, DeadLetter> ofEach(List<RouteSpec> routes, HandedOver handedOver) {
        List<String> names = routes.stream().map(RouteSpec::name).toList();
        return ParDo.of(new OfEachRouteFn(spec.name(), names, handedOver));
    }

    private List<String> merged(List<RouteSpec> routes) {
        return routes.stream().filter(this::isMerged).map(RouteSpec::name).toList();
    }

    /** What lookups and a script make leaves their own steps. */
    private boolean isMerged(RouteSpec route) {
        return together.contains(route) && route.script() == null && !route.looksUp();
    }

    private String step(String name, String source) {
        return step(spec, name, source);
    }

    /** The name of a step of a source. */
    static String step(RouterSpec spec, String name, String source) {
        return spec.sources() == null ? name : name + "-" + source;
    }

    /** The results of a route, of all its sources: what its lookups and its script made, where it has any. */
    PCollection<Event> results(RouteSpec route) {
        PCollection<Event> results = made.get(route.name());
        return results == null ? routed(route) : results;
    }

    private PCollection<Event> routed(RouteSpec route) {
        List<PCollection<Event>> results = routed.entrySet().stream()
                .filter(source -> route.reads(source.getKey()))
                .map(source -> source.getValue().route(route.name()))
                .toList();
        return flat(results, "results-of-" + route.name());
    }

    /** The results of the routes that are written together, of all sources: those of one event in one list, but for what scripts made. */
    PCollection<List<Event>> together() {
        List<PCollection<List<Event>>> results = new ArrayList<>();
        routed.forEach((name, source) -> {
            if (together.stream().anyMatch(route -> isMerged(route) && route.reads(name))) {
                results.add(source.merged());
            }
        });
        together.stream().filter(route -> !isMerged(route)).forEach(route -> results.add(singly(route)));
        return flat(results, "results");
    }

    private PCollection<List<Event>> singly(RouteSpec route) {
        return results(route)
                .apply("singly-" + route.name(), ParDo.of(new SinglyFn()))
                .setCoder(ListCoder.of(EventCoder.of()));
    }

    private static <T> PCollection<T> flat(List<PCollection<T>> results, String step) {
        return results.size() == 1
                ? results.get(0)
                : PCollectionList.of(results).apply(step, Flatten.pCollections());
    }

    /** What the routes and their scripts could not process, and what could not be read for them. */
    List<PCollection<DeadLetter>> deadLetters() {
        return List.copyOf(deadLetters);
    }

    private static final class SinglyFn extends DoFn<Event, List<Event>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element Event result, OutputReceiver<List<Event>> out) {
            out.output(List.of(result));
        }
    }
}
