package io.millrace.pipelines;

import io.millrace.transforms.event.RouteMetrics;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * What a route did so far.
 *
 * @param in events that came to the route
 * @param added results that its script made beyond the first of each event
 * @param delivered results that its sink acknowledged
 * @param filtered events that it did not take
 * @param deadLettered events that it gave up
 */
record RouteCounts(long in, long added, long delivered, long filtered, long deadLettered) {
    static final RouteCounts NONE = new RouteCounts(0, 0, 0, 0, 0);

    /** The counts of a route in the metrics of its run. */
    static RouteCounts of(MetricResults metrics, String pipeline, String route) {
        String namespace = RouteMetrics.namespace(pipeline, route);
        return new RouteCounts(
                count(metrics, namespace, "in"),
                count(metrics, namespace, "added"),
                count(metrics, namespace, "delivered"),
                count(metrics, namespace, "filtered"),
                count(metrics, namespace, "dead_lettered"));
    }

    /** What has come in, or was added, and is neither delivered nor filtered nor given up. */
    long inFlight() {
        return in + added - delivered - filtered - deadLettered;
    }

    /** The sum of a counter over all steps. */
    static long count(MetricResults metrics, String namespace, String name) {
        MetricsFilter filter = MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.named(namespace, name))
                .build();
        long sum = 0;
        for (MetricResult<Long> step : metrics.queryMetrics(filter).getCounters()) {
            sum += count(step);
        }
        return sum;
    }

    /** What is committed, where the runner knows it: the direct runner's attempted values lag behind and can be off. */
    private static long count(MetricResult<Long> step) {
        Long committed = step.getCommittedOrNull();
        return committed == null ? step.getAttempted() : committed;
    }
}
