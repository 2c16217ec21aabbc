package io.millrace.transforms.event;

import java.io.Serializable;
import java.util.stream.Stream;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The metrics of one route: the counters
 * {@code millrace.<pipeline>.<route>.{in,added,delivered,filtered,dead_lettered,in_flight}} and {@code dead_lettered_by.<reason>},
 * and the gauge {@code event_time_lag_ms}.
 *
 * <p>At every moment {@code in + added = delivered + filtered + dead_lettered + in_flight}, summed over the steps that count; for a run
 * that ended without a restart {@code in_flight} is 0. On Flink the counters are of attempts: they begin at 0 with each start
 * of a task, and count again what is processed again.
 *
 * <p>Where routes share a job, the counters {@code parked} and {@code retrieved} say how many results were put aside while the sink did
 * not keep up, and how many of these were taken up again; what lies between them waits.
 */
public final class RouteMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter in;
    private final Counter added;
    private final Counter delivered;
    private final Counter filtered;
    private final Counter deadLettered;
    private final Counter inFlight;
    private final Counter parked;
    private final Counter retrieved;
    private final Counter[] deadLetteredBy;
    private final Gauge eventTimeLag;

    private RouteMetrics(String namespace) {
        this.in = Metrics.counter(namespace, "in");
        this.added = Metrics.counter(namespace, "added");
        this.delivered = Metrics.counter(namespace, "delivered");
        this.filtered = Metrics.counter(namespace, "filtered");
        this.deadLettered = Metrics.counter(namespace, "dead_lettered");
        this.inFlight = Metrics.counter(namespace, "in_flight");
        this.parked = Metrics.counter(namespace, "parked");
        this.retrieved = Metrics.counter(namespace, "retrieved");
        this.deadLetteredBy = Stream.of(DeadLetter.Reason.values())
                .map(reason -> Metrics.counter(namespace, "dead_lettered_by." + reason.text()))
                .toArray(Counter[]::new);
        this.eventTimeLag = Metrics.gauge(namespace, "event_time_lag_ms");
    }

    /** The metrics of a route of a pipeline. */
    public static RouteMetrics of(String pipeline, String route) {
        return new RouteMetrics(namespace(pipeline, route));
    }

    /** The namespace of a route's metrics. */
    public static String namespace(String pipeline, String route) {
        return "millrace." + pipeline + "." + route;
    }

    /** Events came to the route. */
    public void countIn(long events) {
        in.inc(events);
        inFlight.inc(events);
    }

    /** A script made more than one result of events: how many more. */
    public void countAdded(long results) {
        added.inc(results);
        inFlight.inc(results);
    }

    /** The route's sink acknowledged results. */
    public void countDelivered(long results) {
        delivered.inc(results);
        inFlight.dec(results);
    }

    /** The route's filter dropped events. */
    public void countFiltered(long events) {
        filtered.inc(events);
        inFlight.dec(events);
    }

    /** The route gave up an event. */
    public void countDeadLetter(DeadLetter.Reason reason) {
        countDeadLetters(reason, 1);
    }

    /** The route gave up events, all for one reason. */
    public void countDeadLetters(DeadLetter.Reason reason, long events) {
        deadLettered.inc(events);
        deadLetteredBy[reason.ordinal()].inc(events);
        inFlight.dec(events);
    }

    /** Results were put aside, still in flight, since the route's sink does not keep up. */
    public void countParked(long results) {
        parked.inc(results);
    }

    /** Results that had been parked were taken up again: by the sink, or as dead letters, which count by themselves. */
    public void countRetrieved(long results) {
        retrieved.inc(results);
    }

    /** How far the newest event of the last bundle lies behind the clock. */
    public void setEventTimeLag(long millis) {
        eventTimeLag.set(millis);
    }
}
