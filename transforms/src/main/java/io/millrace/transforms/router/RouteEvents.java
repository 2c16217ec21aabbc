package io.millrace.transforms.router;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.SystemClock;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.jspecify.annotations.Nullable;

/**
 * The events that each of its {@link Route}s takes, as that route makes them; and as dead letters those that a route could not
 * process.
 *
 * <p><i>Shape</i>: {@code PCollection<Event>}, bounded or not, in any windows, to a {@link Routed}: one
 * {@code PCollection<Event>} for each route and one {@code PCollection<DeadLetter>}. Every route sees every event,
 * unless the first that takes it keeps it, {@link #matchingFirst}.
 *
 * <p><i>Time</i>: timestamps, windows and panes pass on; nothing is held back.
 *
 * <p><i>State</i>: none.
 *
 * <p><i>Guarantee</i>: for each route, every event is routed, filtered or a dead letter, and counted as such in
 * {@link io.millrace.transforms.event.RouteMetrics}. A result has the identity of its event with the route's name as the step,
 * the same in every run. A document that a route looks into is read to its end, once for all routes; a route that looks into
 * none passes bytes of any kind.
 *
 * <p><i>Fails</i>: a document that is not a JSON object, no document where a route looks into one, and an expression that fails
 * become dead letters; the last is dropped, and counted as filtered, if the route says {@link Route.OnError#DROP}. No routes,
 * or two of one name, are refused when it is made.
 *
 * <pre>{@code
 * Routed routed = events.apply(RouteEvents.to(
 *     Route.named("long-plays").withFilter(Filter.of("event.duration_s > 60")),
 *     Route.named("everything")));
 * PCollection<Event> longPlays = routed.route("long-plays");
 * }</pre>
 */
public final class RouteEvents extends PTransform<PCollection<Event>, Routed> {
    private static final long serialVersionUID = 1;

    static final TupleTag<DeadLetter> DEAD_LETTERS = new TupleTag<>("deadLetters");
    static final TupleTag<List<Event>> MERGED = new TupleTag<>("merged");

    private final String pipeline;
    private final List<Route> routes;
    private final Clock clock;
    private final boolean first;
    private final Set<String> merged;
    private final @Nullable RouteStarts starts;
    private final boolean continuing;

    private RouteEvents(
            String pipeline,
            List<Route> routes,
            Clock clock,
            boolean first,
            Set<String> merged,
            @Nullable RouteStarts starts,
            boolean continuing) {
        this.pipeline = pipeline;
        this.routes = routes;
        this.clock = clock;
        this.first = first;
        this.merged = merged;
        this.starts = starts;
        this.continuing = continuing;
    }

    /** Routes events to the given routes. */
    public static RouteEvents to(Route... routes) {
        return to(List.of(routes));
    }

    /** Routes events to the given routes. */
    public static RouteEvents to(List<Route> routes) {
        checkArgument(!routes.isEmpty(), "routes must not be empty");
        long names = routes.stream().map(Route::name).distinct().count();
        checkArgument(names == routes.size(), "names of routes must differ, but were %s", names(routes));
        return new RouteEvents("router", List.copyOf(routes), SystemClock.utc(), false, Set.of(), null, false);
    }

    /** The same, with metrics under the name of a pipeline. Default {@code router}. */
    public RouteEvents withPipeline(String pipeline) {
        return new RouteEvents(pipeline, routes, clock, first, merged, starts, continuing);
    }

    /** The same, with another clock for the metric {@code event_time_lag_ms}. Default the system's. */
    public RouteEvents withClock(Clock clock) {
        return new RouteEvents(pipeline, routes, clock, first, merged, starts, continuing);
    }

    /**
     * The same, where an event goes to the first route, in their order, that takes it, and to no other; a route without a filter takes
     * all that is left. An event on which a route fails is kept by that route as its dead letter, unless the route says
     * {@link Route.OnError#DROP}: then it goes on to the next.
     */
    public RouteEvents matchingFirst() {
        return new RouteEvents(pipeline, routes, clock, true, merged, starts, continuing);
    }

    /**
     * The same, with the results of these routes in one collection, {@link Routed#merged}, an element for each event that has any: a
     * runner looks at every output of a step for each of its elements, so many routes with an output of their own cost more than
     * their filters do.
     */
    public RouteEvents merging(Collection<String> names) {
        checkArgument(
                names(routes).containsAll(names), "merged routes must be among %s, but were %s", names(routes), names);
        return new RouteEvents(pipeline, routes, clock, first, Set.copyOf(names), starts, continuing);
    }

    /**
     * The same, with routes that have had some of the events already: such an event is not counted for them, and gives them nothing;
     * where the first route that takes an event has had it, it goes to no other.
     */
    public RouteEvents beginningAt(RouteStarts starts) {
        return new RouteEvents(pipeline, routes, clock, first, merged, starts, continuing);
    }

    /** The same, for events that a step of their routes before has counted in. */
    public RouteEvents continuing() {
        return new RouteEvents(pipeline, routes, clock, first, merged, starts, true);
    }

    @Override
    public Routed expand(PCollection<Event> events) {
        List<TupleTag<?>> tags = new ArrayList<>(routes.stream()
                .filter(route -> !merged.contains(route.name()))
                .map(route -> tag(route.name()))
                .toList());
        if (!merged.isEmpty()) {
            tags.add(0, MERGED);
        }
        PCollectionTuple outputs = outputs(events, tags.get(0), otherTags(tags));
        Map<String, PCollection<Event>> routed = new LinkedHashMap<>();
        for (Route route : routes) {
            if (!merged.contains(route.name())) {
                routed.put(route.name(), outputs.get(tag(route.name())).setCoder(EventCoder.of()));
            }
        }
        return new Routed(
                routed,
                merged.isEmpty() ? null : outputs.get(MERGED).setCoder(ListCoder.of(EventCoder.of())),
                outputs.get(DEAD_LETTERS).setCoder(DeadLetterCoder.of()));
    }

    private <T> PCollectionTuple outputs(PCollection<Event> events, TupleTag<T> main, TupleTagList others) {
        RouteFn<T> route = new RouteFn<>(pipeline, routes, merged, first, starts, continuing, clock);
        return events.apply("Route", ParDo.of(route).withOutputTags(main, others));
    }

    static TupleTag<Event> tag(String route) {
        return new TupleTag<>("route:" + route);
    }

    private static TupleTagList otherTags(List<TupleTag<?>> tags) {
        return TupleTagList.of(DEAD_LETTERS).and(List.copyOf(tags.subList(1, tags.size())));
    }

    private static List<String> names(List<Route> routes) {
        return routes.stream().map(Route::name).toList();
    }
}
