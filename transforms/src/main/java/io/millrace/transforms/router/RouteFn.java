package io.millrace.transforms.router;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import java.time.Clock;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Carries events to a {@link Router}, and what became of them to outputs and metrics. Counts once a bundle. */
final class RouteFn extends DoFn<Event, Event> {
    private static final long serialVersionUID = 1;

    private final List<Route> routes;
    private final List<RouteMetrics> metrics;
    private final List<TupleTag<Event>> tags;
    private final Clock clock;

    private transient @Nullable Router router;
    private transient @Nullable Bundle bundle;

    RouteFn(String pipeline, List<Route> routes, Clock clock) {
        this.routes = routes;
        this.metrics = routes.stream()
                .map(route -> RouteMetrics.of(pipeline, route.name()))
                .toList();
        this.tags = routes.stream().map(route -> RouteEvents.tag(route.name())).toList();
        this.clock = clock;
    }

    @Setup
    public void setUp() {
        router = Router.of(routes);
    }

    @StartBundle
    public void startBundle() {
        bundle = new Bundle(routes.size());
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        Bundle current = requireNonNull(bundle);
        current.begin(time, out);
        requireNonNull(router).route(event, time, current);
    }

    @FinishBundle
    public void finishBundle() {
        requireNonNull(bundle).count();
    }

    /** One bundle: passes on what became of its events, and keeps the sums. */
    private final class Bundle implements Router.Outcome {
        private final long[] filtered;
        private long events;
        private long newest = Long.MIN_VALUE;
        private @Nullable MultiOutputReceiver out;

        private Bundle(int routes) {
            this.filtered = new long[routes];
        }

        void begin(Instant time, MultiOutputReceiver out) {
            this.events++;
            this.newest = Math.max(newest, time.getMillis());
            this.out = out;
        }

        @Override
        public void routed(int route, Event result) {
            requireNonNull(out).get(tags.get(route)).output(result);
        }

        @Override
        public void filtered(int route) {
            filtered[route]++;
        }

        @Override
        public void deadLettered(int route, DeadLetter deadLetter) {
            metrics.get(route).countDeadLetter(deadLetter.reason());
            requireNonNull(out).get(RouteEvents.DEAD_LETTERS).output(deadLetter);
        }

        void count() {
            for (int route = 0; route < filtered.length; route++) {
                metrics.get(route).countIn(events);
                metrics.get(route).countFiltered(filtered[route]);
                if (newest > DeadLetter.NO_TIME.getMillis()) {
                    metrics.get(route).setEventTimeLag(clock.millis() - newest);
                }
            }
        }
    }
}
