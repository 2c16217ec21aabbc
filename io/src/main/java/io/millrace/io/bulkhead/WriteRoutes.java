package io.millrace.io.bulkhead;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.SystemClock;
import java.time.Clock;
import java.util.List;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of many routes to their sinks, so that a sink that is slow or down does not hold up the others; and gives as dead
 * letters what the sinks did not take.
 *
 * <p><i>Shape</i>: Events in the global window, the step of whose identity names their route, those of one input together. Dead letters
 * in the global window.
 *
 * <p><i>Time</i>: An event goes to its sink when it comes. A bundle ends when every route's events are answered, or after half a second
 * parked; events that were parked are delivered when their sink takes them again. A dead letter of those has the time of its delivery.
 *
 * <p><i>State</i>: At most each route's {@link InFlight} share, until a bundle ends. What is parked is kept by the {@link Parking},
 * outside of the pipeline.
 *
 * <p><i>Guarantee</i>: Each event is delivered at least once or a dead letter. A route's events of one input partition reach its sink in
 * their order: what is parked first, then what comes. Where the sink may or may not have taken events when they were parked, or when a
 * task failed, these are written again. What was parked is released when the runner has committed what became of it, so nothing is
 * lost by a failure at any point, nor by beginning again without state.
 *
 * <p><i>Fails</i>: where the parking does not answer: until it does, the job holds its position. A route that blocks holds all others
 * for as long as its sink has trouble; one that is to fail does so after half a second.
 */
public final class WriteRoutes extends PTransform<PCollection<List<Event>>, PCollection<DeadLetter>> {
    private static final long serialVersionUID = 1;

    private final List<RouteWriter> routes;
    private final @Nullable Parking parking;
    private final Clock clock;

    private WriteRoutes(List<RouteWriter> routes, @Nullable Parking parking, Clock clock) {
        this.routes = routes;
        this.parking = parking;
        this.clock = clock;
    }

    /** Writes the events of routes none of which is parked. */
    public static WriteRoutes of(List<RouteWriter> routes) {
        checkArgument(!routes.isEmpty(), "routes must not be empty");
        return new WriteRoutes(List.copyOf(routes), null, SystemClock.utc());
    }

    /** The same, parking the events of routes whose sinks do not keep up, for an unbounded input. */
    public WriteRoutes withParking(Parking parking) {
        return new WriteRoutes(routes, parking, clock);
    }

    @Override
    public PCollection<DeadLetter> expand(PCollection<List<Event>> events) {
        routes.forEach(route -> route.checkParking(parking != null));
        checkArgument(
                events.getWindowingStrategy().getWindowFn() instanceof GlobalWindows,
                "events must be in the global window, but were in %s",
                events.getWindowingStrategy().getWindowFn());
        PCollection<DeadLetter> refused =
                events.apply("Write", ParDo.of(new WriteFn(routes, parking))).setCoder(DeadLetterCoder.of());
        if (parking == null) {
            return refused;
        }
        checkArgument(
                events.isBounded() == PCollection.IsBounded.UNBOUNDED,
                "events must be unbounded where there is parking, since what is parked may wait beyond their end");
        PCollection<DeadLetter> refusedLater = events.getPipeline()
                .begin()
                .apply("Tick", Read.from(Ticks.by(clock)))
                .apply("DeliverParked", ParDo.of(new DeliverFn(routes, parking)))
                .setCoder(DeadLetterCoder.of());
        return PCollectionList.of(refused)
                .and(refusedLater.apply("LikeTheOthers", Window.into(new GlobalWindows())))
                .apply("AllRefused", Flatten.pCollections());
    }
}
