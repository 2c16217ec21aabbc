package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Refusals;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gives each event to the lane of its route, and ends a bundle when all lanes have ended it. */
final class WriteFn extends DoFn<List<Event>, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final List<RouteWriter> routes;
    private final @Nullable Parking parking;
    private transient @Nullable Lanes lanes;

    WriteFn(List<RouteWriter> routes, @Nullable Parking parking) {
        this.routes = routes;
        this.parking = parking;
    }

    @Setup
    public void open() throws IOException, InterruptedException {
        Lanes opened = Lanes.open(routes, parking);
        lanes = opened;
        opened.awaitClients();
    }

    @ProcessElement
    public void process(@Element List<Event> results, @Timestamp Instant time)
            throws IOException, InterruptedException {
        Lanes taking = lanes();
        for (int position = 0; position < results.size(); position++) {
            taking.take(results.get(position), time);
        }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext bundle) throws IOException, InterruptedException {
        lanes().endBundle(bundle);
    }

    @Teardown
    public void close() throws IOException {
        if (lanes != null) {
            lanes.close();
        }
    }

    private Lanes lanes() {
        return requireNonNull(lanes, "lanes");
    }

    /** The lanes of one task. */
    private static final class Lanes implements Closeable {
        private static final Duration OPENS_WITHIN = Duration.ofSeconds(10);

        private final ExecutorService threads = Executors.newCachedThreadPool(Threads.named("millrace-write"));
        private final Map<String, RouteLane> lanes = new HashMap<>();
        private final List<RouteLane> inBundle = new ArrayList<>();
        private final Allowance allowance = new Allowance();
        private final Lease lease = Lease.take();
        private final @Nullable ParkingLot lot;

        private Lanes(@Nullable ParkingLot lot) {
            this.lot = lot;
        }

        static Lanes open(List<RouteWriter> routes, @Nullable Parking parking)
                throws IOException, InterruptedException {
            Lanes lanes = new Lanes(
                    parking == null
                            ? null
                            : parking.open(
                                    routes.stream().map(RouteWriter::route).toList()));
            routes.forEach(route -> lanes.lanes.put(route.route(), lanes.new RouteLane(route)));
            return lanes;
        }

        /** A sink that has to be reached first is not slow for that. */
        void awaitClients() throws InterruptedException {
            lanes.values().forEach(lane -> lane.lane.open());
            long deadline = System.nanoTime() + OPENS_WITHIN.toNanos();
            for (RouteLane lane : lanes.values()) {
                lane.lane.awaitOpen(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        }

        void take(Event event, Instant time) throws IOException, InterruptedException {
            RouteLane lane = lanes.get(event.id().step());
            if (lane == null) {
                throw new IllegalArgumentException(
                        "event must be of one of the routes " + lanes.keySet() + ", but was " + event.id());
            }
            if (inBundle.isEmpty()) {
                lease.check();
                allowance.renew(Lane.PATIENCE);
            }
            if (!lane.lane.isInBundle()) {
                inBundle.add(lane);
            }
            lane.lane.take(event, time);
        }

        void endBundle(DoFn<List<Event>, DeadLetter>.FinishBundleContext bundle)
                throws IOException, InterruptedException {
            lease.check(); // events that are parked would be taken for those of who writes now
            allowance.renew(Lane.PATIENCE.dividedBy(2));
            for (RouteLane lane : inBundle) {
                lane.lane.endHold();
            }
            allowance.renew(allowance.left().plus(Lane.PATIENCE.dividedBy(2)));
            for (RouteLane lane : inBundle) {
                lane.lane.endBundle();
            }
            if (lot != null) {
                lot.flush();
            }
            inBundle.forEach(lane -> lane.refusals.leave(bundle));
            inBundle.clear();
        }

        @Override
        public void close() throws IOException {
            lease.close();
            lanes.values().forEach(lane -> lane.lane.close());
            threads.shutdown();
            if (lot != null) {
                lot.close();
            }
        }

        /** A lane, and the account of what becomes of its events. */
        private final class RouteLane implements Lane.Outcome {
            private final Lane lane;
            private final RouteMetrics metrics;
            private final Refusals refusals;

            RouteLane(RouteWriter route) {
                this.metrics = route.context().metrics();
                this.refusals = new Refusals(route.context());
                this.lane = new Lane(
                        route,
                        () -> new Courier(route.writers(), route.share(), threads, lease),
                        lot,
                        this,
                        new Retreat(),
                        allowance);
            }

            @Override
            public void delivered(long events) {
                metrics.countDelivered(events);
            }

            @Override
            public void parked() {
                metrics.countParked(1);
            }

            @Override
            public void refused(TimedEvent event, RefusedException cause) {
                refusals.add(event.event(), event.time(), GlobalWindow.INSTANCE, cause);
            }
        }
    }
}
