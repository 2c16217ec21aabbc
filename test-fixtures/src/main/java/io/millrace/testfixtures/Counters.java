package io.millrace.testfixtures;

import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** The counters of a run. */
public final class Counters {
    private Counters() {}

    /**
     * What has been counted in a namespace, by name, where it is not nothing. What the direct runner calls attempted is counted by a thread of its own, and
     * may not be yet where a run has ended; Flink knows nothing else.
     */
    public static Map<String, Long> of(PipelineResult result, String namespace) {
        Map<String, Long> counters = new TreeMap<>();
        result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.inNamespace(namespace))
                        .build())
                .getCounters()
                .forEach(counter -> counters.merge(counter.getName().getName(), count(counter), Long::sum));
        counters.values().removeIf(count -> count == 0);
        return counters;
    }

    private static long count(MetricResult<Long> counter) {
        Long committed = counter.getCommittedOrNull();
        return committed == null ? counter.getAttempted() : committed;
    }
}
