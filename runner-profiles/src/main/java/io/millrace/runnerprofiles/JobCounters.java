package io.millrace.runnerprofiles;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.metrics.MetricFiltering;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one job, as its tasks have them at the moment of a query or had them when they ended: attempted values, which begin
 * at 0 when a task starts again.
 *
 * <p>Flink knows a counter by one text, {@code <namespace>.<name>}. A query that names a namespace finds the counter by it; for any other
 * query the name is what follows the last dot. A step is an operator's name, of which Flink's metrics have the first 80 characters.
 */
final class JobCounters extends MetricResults {
    /** As Beam's runner finds it. */
    private static final String DELIMITER =
            GlobalConfiguration.loadConfiguration().get(MetricOptions.SCOPE_DELIMITER);

    private final Map<Subtask, Attempt> attempts = new ConcurrentHashMap<>();

    /** A task has a metric, of itself or of one of its operators. */
    void add(Metric metric, String name, Map<String, String> scope) {
        Attempt attempt = attempts.compute(Subtask.of(scope), (subtask, last) -> Attempt.of(scope, last));
        if (metric instanceof Counter counter && name.contains(DELIMITER)) {
            attempt.counters.put(CounterId.of(name, scope), counter);
        }
    }

    @Override
    public MetricQueryResults queryMetrics(MetricsFilter filter) {
        return MetricQueryResults.create(counters(filter), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private List<MetricResult<Long>> counters(MetricsFilter filter) {
        Map<MetricKey, Long> sums = attempts.values().stream()
                .flatMap(attempt -> attempt.counters.entrySet().stream())
                .collect(groupingBy(
                        counter -> counter.getKey().metric(filter),
                        summingLong(counter -> counter.getValue().getCount())));
        return sums.entrySet().stream()
                .filter(sum -> MetricFiltering.matches(filter, sum.getKey()))
                .map(sum -> MetricResult.attempted(sum.getKey(), sum.getValue()))
                .toList();
    }

    private record Subtask(String task, String index) {
        static Subtask of(Map<String, String> scope) {
            return new Subtask(
                    value(scope, ScopeFormat.SCOPE_TASK_VERTEX_ID), value(scope, ScopeFormat.SCOPE_TASK_SUBTASK_INDEX));
        }
    }

    /** One start of a task. The metrics of the one before may be taken away after those of the next have come. */
    private record Attempt(String id, Map<CounterId, Counter> counters) {
        static Attempt of(Map<String, String> scope, @Nullable Attempt last) {
            String id = value(scope, ScopeFormat.SCOPE_TASK_ATTEMPT_ID);
            return last != null && last.id.equals(id) ? last : new Attempt(id, new ConcurrentHashMap<>());
        }
    }

    private record CounterId(String operator, String step, String text) {
        static CounterId of(String name, Map<String, String> scope) {
            return new CounterId(
                    value(scope, ScopeFormat.SCOPE_OPERATOR_ID), value(scope, ScopeFormat.SCOPE_OPERATOR_NAME), name);
        }

        MetricKey metric(MetricsFilter filter) {
            return MetricKey.create(step, name(filter));
        }

        private MetricName name(MetricsFilter filter) {
            return filter.names().stream()
                    .flatMap(this::named)
                    .findFirst()
                    .orElseGet(() -> split(text.lastIndexOf(DELIMITER)));
        }

        private Stream<MetricName> named(MetricNameFilter wanted) {
            String prefix = wanted.getNamespace() + DELIMITER;
            boolean taken = wanted.getName() == null
                    ? text.startsWith(prefix) && text.length() > prefix.length()
                    : text.equals(prefix + wanted.getName());
            return taken ? Stream.of(split(wanted.getNamespace().length())) : Stream.empty();
        }

        private MetricName split(int at) {
            return MetricName.named(text.substring(0, at), text.substring(at + DELIMITER.length()));
        }
    }

    private static String value(Map<String, String> scope, String variable) {
        return scope.getOrDefault(variable, "");
    }
}
