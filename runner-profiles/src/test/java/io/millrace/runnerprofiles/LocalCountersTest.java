package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class LocalCountersTest {
    private static final JobID JOB = new JobID();
    private static final JobVertexID TASK = new JobVertexID();
    private static final OperatorID OPERATOR = new OperatorID();
    private static final ExecutionGraphID GRAPH = new ExecutionGraphID();
    private static final String ROUTE = "millrace.plays.us";
    private static final MetricsFilter DELIVERED = named(MetricNameFilter.named(ROUTE, "delivered"));

    private final LocalCounters counters = new LocalCounters();
    private final MetricRegistryImpl registry = new MetricRegistryImpl(
            MetricRegistryConfiguration.fromConfiguration(new Configuration(), 1_000_000),
            List.of(ReporterSetup.forReporter("counters", counters)));
    private final TaskManagerMetricGroup taskManager =
            TaskManagerMetricGroup.createTaskManagerMetricGroup(registry, "localhost", ResourceID.generate());

    @Before
    public void followTheJob() {
        counters.follow(JOB);
    }

    @After
    public void closeTheRegistry() throws Exception {
        registry.closeAsync().get();
    }

    @Test
    public void sumsTheTasksOfAStep() {
        count(task(JOB, 0, 0), "Write", ROUTE + ".delivered", 3);
        count(task(JOB, 1, 0), "Write", ROUTE + ".delivered", 4);
        count(task(JOB, 1, 0), "Count", ROUTE + ".delivered", 5);

        assertThat(
                counted(DELIVERED),
                containsInAnyOrder(result("Write", ROUTE, "delivered", 7), result("Count", ROUTE, "delivered", 5)));
    }

    @Test
    public void showsWhatWasCountedSince() {
        Counter delivered = task(JOB, 0, 0).getOrAddOperator(OPERATOR, "Write").counter(ROUTE + ".delivered");
        delivered.inc(3);
        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 3)));

        delivered.inc(2);
        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 5)));
    }

    @Test
    public void keepsWhatATaskThatEndedHadCounted() {
        TaskMetricGroup task = task(JOB, 0, 0);
        count(task, "Write", ROUTE + ".delivered", 3);

        task.close();

        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 3)));
    }

    @Test
    public void aTaskThatStartsAgainHasCountedNothing() {
        TaskMetricGroup first = task(JOB, 0, 0);
        count(first, "Write", ROUTE + ".delivered", 3);
        count(task(JOB, 1, 0), "Write", ROUTE + ".delivered", 40);
        first.close();

        task(JOB, 0, 1);

        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 40)));
    }

    @Test
    public void metricsTakenAwayLateAreOfTheStartBefore() {
        TaskMetricGroup first = task(JOB, 0, 0);
        count(first, "Write", ROUTE + ".delivered", 3);
        count(task(JOB, 0, 1), "Write", ROUTE + ".delivered", 1);

        first.close();

        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 1)));
    }

    @Test
    public void findsANameWithADotByItsNamespace() {
        count(task(JOB, 0, 0), "Write", ROUTE + ".dead_lettered_by.script", 2);
        MetricResult<Long> expected = result("Write", ROUTE, "dead_lettered_by.script", 2);

        assertThat(counted(named(MetricNameFilter.named(ROUTE, "dead_lettered_by.script"))), contains(expected));
        assertThat(counted(named(MetricNameFilter.inNamespace(ROUTE))), contains(expected));
        assertThat(counted(named(MetricNameFilter.named(ROUTE, "dead_lettered_by"))), is(empty()));
        assertThat(counted(named(MetricNameFilter.inNamespace("millrace.plays.u"))), is(empty()));
    }

    @Test
    public void withoutANamespaceTheNameFollowsTheLastDot() {
        count(task(JOB, 0, 0), "Write/Count", ROUTE + ".delivered", 3);
        count(task(JOB, 0, 0), "Read/Count", ROUTE + ".in", 4);
        count(task(JOB, 0, 0), "Read/Count", "numRecordsOfFlink", 5);

        assertThat(
                counted(MetricsFilter.builder().build()),
                containsInAnyOrder(result("Write/Count", ROUTE, "delivered", 3), result("Read/Count", ROUTE, "in", 4)));
        assertThat(
                counted(MetricsFilter.builder().addStep("Write").build()),
                contains(result("Write/Count", ROUTE, "delivered", 3)));
    }

    @Test
    public void jobsDoNotSeeEachOther() {
        JobID other = new JobID();
        counters.follow(other);
        count(task(JOB, 0, 0), "Write", ROUTE + ".delivered", 3);
        count(task(other, 0, 0), "Write", ROUTE + ".delivered", 4);

        assertThat(counted(DELIVERED), contains(result("Write", ROUTE, "delivered", 3)));
        assertThat(
                counters.of(other).queryMetrics(DELIVERED).getCounters(),
                contains(result("Write", ROUTE, "delivered", 4)));
    }

    @Test
    public void ofAJobThatIsForgottenOnlyItsResultHasTheCounters() {
        JobCounters kept = counters.of(JOB);
        count(task(JOB, 0, 0), "Write", ROUTE + ".delivered", 3);

        counters.forget(JOB);

        count(task(JOB, 1, 0), "Write", ROUTE + ".delivered", 4);
        assertThat(kept.queryMetrics(DELIVERED).getCounters(), contains(result("Write", ROUTE, "delivered", 3)));
        assertThat(
                assertThrows(NullPointerException.class, () -> counters.of(JOB)).getMessage(),
                is("the job must be followed"));
    }

    private TaskMetricGroup task(JobID job, int index, int attempt) {
        return taskManager
                .addJob(job, "plays")
                .addTask(new ExecutionAttemptID(GRAPH, new ExecutionVertexID(TASK, index), attempt), "task");
    }

    private static void count(TaskMetricGroup task, String step, String name, long value) {
        task.getOrAddOperator(OPERATOR, step).counter(name).inc(value);
    }

    private List<MetricResult<Long>> counted(MetricsFilter filter) {
        List<MetricResult<Long>> results = new ArrayList<>();
        counters.of(JOB).queryMetrics(filter).getCounters().forEach(results::add);
        return results;
    }

    private static MetricsFilter named(MetricNameFilter name) {
        return MetricsFilter.builder().addNameFilter(name).build();
    }

    private static MetricResult<Long> result(String step, String namespace, String name, long value) {
        return MetricResult.attempted(MetricKey.create(step, MetricName.named(namespace, name)), value);
    }
}
