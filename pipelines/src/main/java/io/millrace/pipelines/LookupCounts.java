package io.millrace.pipelines;

import io.millrace.transforms.event.RouteMetrics;
import org.apache.beam.sdk.metrics.MetricResults;

/**
 * What a lookup of a route did so far.
 *
 * @param into the field that its answers become
 * @param answered events of whose key it is known what there is, or that there is nothing
 * @param missed those of whose key there is nothing
 */
record LookupCounts(String into, long answered, long missed) {

    /** The counts of a lookup in the metrics of its run. */
    static LookupCounts of(MetricResults metrics, String pipeline, String route, String into) {
        String namespace = RouteMetrics.namespace(pipeline, route) + "." + into;
        return new LookupCounts(
                into,
                RouteCounts.count(metrics, namespace, "lookup_answers"),
                RouteCounts.count(metrics, namespace, "lookup_misses"));
    }
}
