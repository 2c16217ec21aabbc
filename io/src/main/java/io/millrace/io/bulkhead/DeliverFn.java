package io.millrace.io.bulkhead;

import static java.util.Objects.requireNonNull;

import io.millrace.io.bulkhead.Drain.Delivery;
import io.millrace.io.bulkhead.Retrieval.Queue;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.RouteMetrics;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * At every tick tells what was delivered of a part, and releases it when the runner has committed that: so what the sink refused is a
 * dead letter, also after a failure.
 */
final class DeliverFn extends DoFn<Tick, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final LinkedHashMap<String, RouteWriter> routes = new LinkedHashMap<>();
    private final Parking parking;
    private final UUID step = UUID.randomUUID();
    private transient Set<Integer> parts = new HashSet<>();
    private transient Map<String, RouteMetrics> metrics = Map.of();

    DeliverFn(List<RouteWriter> routes, Parking parking) {
        routes.forEach(route -> this.routes.put(route.route(), route));
        this.parking = parking;
    }

    @Setup
    public void setUp() {
        parts = new HashSet<>();
        metrics = new LinkedHashMap<>();
        routes.forEach((name, route) -> metrics.put(name, route.context().metrics()));
    }

    @ProcessElement
    public void process(@Element Tick tick, OutputReceiver<DeadLetter> out, BundleFinalizer finalizer) {
        PartDelivery delivery = delivery(tick);
        delivery.take().forEach(one -> tell(one, out));
        Map<Queue, Map<Integer, Long>> unreleased = delivery.unreleased();
        if (!unreleased.isEmpty()) { // of earlier bundles too: a runner may forget a callback
            finalizer.afterBundleCommit(BoundedWindow.TIMESTAMP_MAX_VALUE, () -> delivery.release(unreleased));
        }
    }

    private PartDelivery delivery(Tick tick) {
        PartDelivery delivery = PartDeliveries.of(
                step,
                tick.part(),
                !parts.contains(tick.part()),
                () -> PartDelivery.begin(routes, parking.retrieve(routes.keySet(), tick.part(), tick.parts())));
        parts.add(tick.part());
        return delivery;
    }

    private void tell(Delivery delivery, OutputReceiver<DeadLetter> out) {
        SinkContext context = delivery.route().context();
        RouteMetrics counters = requireNonNull(metrics.get(context.route()));
        counters.countRetrieved(delivery.events());
        counters.countDelivered(delivery.events() - delivery.refused().size());
        for (Refused refused : delivery.refused()) {
            RefusedException cause = refused.cause();
            TimedEvent event = refused.event();
            counters.countDeadLetter(cause.reason());
            out.output(context.deadLetter(event.event(), cause.reason(), cause.message(), event.time()));
        }
    }

    @Teardown
    public void close() throws IOException {
        for (int part : parts) {
            PartDeliveries.leave(step, part);
        }
    }
}
