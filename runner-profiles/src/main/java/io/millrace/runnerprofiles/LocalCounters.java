package io.millrace.runnerprofiles;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * The counters of the jobs that run on a Flink in this process.
 *
 * <p>Beam's runner gives the counters of a job only once it has ended by itself. Until then they are in Flink's metrics, which
 * the runner brings up to date after each bundle.
 */
final class LocalCounters implements MetricReporter {
    private final Map<String, JobCounters> jobs = new ConcurrentHashMap<>();

    /** A job begins: its counters are kept from now on. */
    void follow(JobID job) {
        jobs.put(job.toString(), new JobCounters());
    }

    /** A job has ended: its counters are those of whoever has asked for them. */
    void forget(JobID job) {
        jobs.remove(job.toString());
    }

    /** The counters of a job that is followed. */
    JobCounters of(JobID job) {
        return Objects.requireNonNull(jobs.get(job.toString()), "the job must be followed");
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        Map<String, String> scope = group.getAllVariables();
        JobCounters job = jobs.get(scope.getOrDefault(ScopeFormat.SCOPE_JOB_ID, ""));
        if (job != null && scope.containsKey(ScopeFormat.SCOPE_TASK_ATTEMPT_ID)) {
            job.add(metric, name, scope);
        }
    }

    /** What a task that ends had counted still holds: until the task starts again, or its job is forgotten. */
    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {
        jobs.clear();
    }
}
