package io.millrace.io.sink;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import java.io.Serializable;
import org.joda.time.Instant;

/**
 * What a sink is told of the route it writes for, and what it makes of that: the route's counters, and dead letters in its name.
 *
 * @param run which run of which pipeline writes
 * @param route the route's name
 * @param keyed whether the route sets the key, so that the key identifies a document
 * @param shared whether the job is one for all routes of its spec: then a sink should not hold up a bundle
 * @param inOrder whether results come in the order of their input partitions
 * @param isArchive whether the results are lines of an archive, {@link io.millrace.io.objects.ArchivedRecord}
 */
public record SinkContext(Run run, String route, boolean keyed, boolean shared, boolean inOrder, boolean isArchive)
        implements Serializable {

    /** Of a route that has a job of its own. */
    public SinkContext(Run run, String route, boolean keyed) {
        this(run, route, keyed, false, true, false);
    }

    /** The same, of a route in a job with or without others. */
    public SinkContext sharing(boolean shared) {
        return new SinkContext(run, route, keyed, shared, inOrder, isArchive);
    }

    /** The same, of a route whose results come in the order of their input partitions, or not. */
    public SinkContext inOrder(boolean inOrder) {
        return new SinkContext(run, route, keyed, shared, inOrder, isArchive);
    }

    /** The same, of a route that is an archive, or none. */
    public SinkContext archive(boolean isArchive) {
        return new SinkContext(run, route, keyed, shared, inOrder, isArchive);
    }

    /** The route's counters: a sink counts what it delivered and what it gave up. */
    public RouteMetrics metrics() {
        return RouteMetrics.of(run.pipeline(), route);
    }

    /** The dead letter of an event that the sink gives up, and has yet to count. */
    public DeadLetter deadLetter(Event event, Reason reason, String message, Instant eventTime) {
        return new DeadLetter(event, route, "sink", reason, message, eventTime);
    }
}
