package io.millrace.io.sink;

import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import java.io.Serializable;

/**
 * What a sink is told of the route it writes for.
 *
 * @param run which run of which pipeline writes
 * @param route the route's name
 * @param keyed whether the route sets the key, so that the key identifies a document
 */
public record SinkContext(Run run, String route, boolean keyed) implements Serializable {

    /** The route's counters: a sink counts what it delivered and what it gave up. */
    public RouteMetrics metrics() {
        return RouteMetrics.of(run.pipeline(), route);
    }
}
