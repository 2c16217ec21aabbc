package io.millrace.transforms.event;

import java.io.Serializable;
import java.util.stream.Stream;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters of one route, {@code millrace.<pipeline>.<route>.{in,delivered,filtered,dead_lettered}} and
 * {@code dead_lettered_by.<reason>}.
 *
 * <p>For a run that ended without a restart {@code in = delivered + filtered + dead_lettered}, exactly. On Flink the counters
 * are of attempts: they begin at 0 with each start of a task, and count again what is processed again.
 */
public final class RouteMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter in;
    private final Counter delivered;
    private final Counter filtered;
    private final Counter deadLettered;
    private final Counter[] deadLetteredBy;

    private RouteMetrics(String namespace) {
        this.in = Metrics.counter(namespace, "in");
        this.delivered = Metrics.counter(namespace, "delivered");
        this.filtered = Metrics.counter(namespace, "filtered");
        this.deadLettered = Metrics.counter(namespace, "dead_lettered");
        this.deadLetteredBy = Stream.of(DeadLetter.Reason.values())
                .map(reason -> Metrics.counter(namespace, "dead_lettered_by." + reason.text()))
                .toArray(Counter[]::new);
    }

    /** The counters of a route of a pipeline. */
    public static RouteMetrics of(String pipeline, String route) {
        return new RouteMetrics(namespace(pipeline, route));
    }

    /** The namespace of a route's metrics. */
    public static String namespace(String pipeline, String route) {
        return "millrace." + pipeline + "." + route;
    }

    /** An event came to the route. */
    public void countIn() {
        in.inc();
    }

    /** The route's sink acknowledged results. */
    public void countDelivered(long results) {
        delivered.inc(results);
    }

    /** The route's filter dropped an event. */
    public void countFiltered() {
        filtered.inc();
    }

    /** The route gave up an event. */
    public void countDeadLetter(DeadLetter.Reason reason) {
        deadLettered.inc();
        deadLetteredBy[reason.ordinal()].inc();
    }
}
