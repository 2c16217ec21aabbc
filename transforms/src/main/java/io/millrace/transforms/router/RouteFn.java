package io.millrace.transforms.router;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Carries events to a {@link Router}, and what became of them to outputs and metrics. Counts once a bundle. */
final class RouteFn<MainT> extends DoFn<Event, MainT> {
    private static final long serialVersionUID = 1;
    private static final DeadLetter.Reason[] REASONS = DeadLetter.Reason.values();

    private final List<Route> routes;
    private final List<RouteMetrics> metrics;
    private final List<@Nullable TupleTag<Event>> tags; // none where a route is merged
    private final boolean first;
    private final @Nullable RouteStarts starts;
    private final boolean continuing;
    private final Clock clock;

    private transient @Nullable Router router;
    private transient @Nullable Bundle bundle;

    RouteFn(
            String pipeline,
            List<Route> routes,
            Set<String> merged,
            boolean first,
            @Nullable RouteStarts starts,
            boolean continuing,
            Clock clock) {
        this.routes = routes;
        this.metrics = routes.stream()
                .map(route -> RouteMetrics.of(pipeline, route.name()))
                .toList();
        this.tags = new ArrayList<>();
        routes.forEach(route -> tags.add(merged.contains(route.name()) ? null : RouteEvents.tag(route.name())));
        this.first = first;
        this.starts = starts;
        this.continuing = continuing;
        this.clock = clock;
    }

    @Setup
    public void setUp() {
        answers().forEach(Answers::open);
        router = Router.of(routes, first);
    }

    private Stream<Answers> answers() {
        return routes.stream().flatMap(route -> route.lookups().stream()).map(Route.Lookup::answers);
    }

    @StartBundle
    public void startBundle() {
        bundle = new Bundle(routes.size());
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out)
            throws InterruptedException {
        Bundle current = requireNonNull(bundle);
        current.begin(
                time, out, starts == null ? Set.of() : starts.behind(event.id().origin()));
        requireNonNull(router).route(event, time, current);
        current.end();
    }

    @FinishBundle
    public void finishBundle() {
        requireNonNull(bundle).count();
        answers().forEach(Answers::report);
    }

    @Teardown
    public void close() {
        if (router != null) {
            router = null;
            answers().forEach(Answers::close);
        }
    }

    /** One bundle: passes on what became of its events, and keeps the sums. */
    private final class Bundle implements Router.Outcome {
        private final long[] routed;
        private final long[][] deadLettered;
        private final long[] before;
        private long events;
        private long newest = Long.MIN_VALUE;
        private @Nullable MultiOutputReceiver out;
        private @Nullable List<Event> merged;
        private Set<String> behind = Set.of();

        private Bundle(int routes) {
            this.routed = new long[routes];
            this.deadLettered = new long[routes][REASONS.length];
            this.before = new long[routes];
        }

        void begin(Instant time, MultiOutputReceiver out, Set<String> behind) {
            this.events++;
            this.newest = Math.max(newest, time.getMillis());
            this.out = out;
            this.behind = behind;
            if (!behind.isEmpty()) {
                for (int route = 0; route < before.length; route++) {
                    before[route] += beginsBehind(route) ? 1 : 0;
                }
            }
        }

        private boolean beginsBehind(int route) {
            return !behind.isEmpty() && behind.contains(routes.get(route).name());
        }

        @Override
        public void routed(int route, Event result) {
            if (beginsBehind(route)) {
                return;
            }
            routed[route]++;
            TupleTag<Event> tag = tags.get(route);
            if (tag == null) {
                merge(result);
            } else {
                requireNonNull(out).get(tag).output(result);
            }
        }

        private void merge(Event result) {
            List<Event> results = merged;
            if (results == null) {
                results = new ArrayList<>();
                merged = results;
            }
            results.add(result);
        }

        void end() {
            if (merged != null) {
                requireNonNull(out).get(RouteEvents.MERGED).output(merged);
                merged = null;
            }
        }

        @Override
        public void deadLettered(int route, DeadLetter deadLetter) {
            if (beginsBehind(route)) {
                return;
            }
            deadLettered[route][deadLetter.reason().ordinal()]++;
            requireNonNull(out).get(RouteEvents.DEAD_LETTERS).output(deadLetter);
        }

        void count() {
            for (int route = 0; route < routed.length; route++) {
                RouteMetrics metrics = RouteFn.this.metrics.get(route);
                long seen = events - before[route];
                metrics.countIn(continuing ? 0 : seen);
                metrics.countFiltered(seen
                        - routed[route]
                        - LongStream.of(deadLettered[route]).sum());
                countDeadLetters(deadLettered[route], metrics);
                if (newest > DeadLetter.NO_TIME.getMillis()) {
                    metrics.setEventTimeLag(clock.millis() - newest);
                }
            }
        }

        private static void countDeadLetters(long[] byReason, RouteMetrics metrics) {
            for (DeadLetter.Reason reason : REASONS) {
                if (byReason[reason.ordinal()] > 0) {
                    metrics.countDeadLetters(reason, byReason[reason.ordinal()]);
                }
            }
        }
    }
}
