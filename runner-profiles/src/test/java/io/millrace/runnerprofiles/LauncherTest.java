package io.millrace.runnerprofiles;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.joda.time.Duration;
import org.junit.Test;

public class LauncherTest {
    private static final JobShape JOB = new JobShape("numbers", false, true);

    @Test
    public void directCountsWhatARunDid() {
        countsWhatARunDid(RunnerProfile.DIRECT);
    }

    @Test
    public void flinkLocalCountsWhatARunDid() {
        countsWhatARunDid(RunnerProfile.FLINK_LOCAL);
    }

    @Test
    public void directThrowsWhatARunFailedOf() {
        throwsWhatARunFailedOf(RunnerProfile.DIRECT);
    }

    @Test
    public void flinkLocalThrowsWhatARunFailedOf() {
        throwsWhatARunFailedOf(RunnerProfile.FLINK_LOCAL);
    }

    @Test
    public void flinkLocalRunsJobsAtTheSameTimeAndStopsThem() throws Exception {
        JobShape endless = new JobShape("endless", true, false);
        try (Launcher launcher = RunnerProfile.FLINK_LOCAL.launcher()) {
            PipelineResult running =
                    launcher.start(numbers(RunnerProfile.FLINK_LOCAL, endless, GenerateSequence.from(0), -1));
            PipelineResult finite = launcher.start(numbers(
                    RunnerProfile.FLINK_LOCAL, JOB, GenerateSequence.from(0).to(10), -1));

            assertThat(finite.waitUntilFinish(), is(State.DONE));
            running.cancel();
            assertThat(running.waitUntilFinish(), is(State.CANCELLED));
        }
    }

    @Test
    public void flinkLocalCountsWhatAJobDoesWhileItRunsAndAfterItWasStopped() throws Exception {
        try (Launcher launcher = RunnerProfile.FLINK_LOCAL.launcher()) {
            PipelineResult ten = launcher.start(endless(10));
            PipelineResult twenty = launcher.start(endless(20));
            eventually("numbers of the first job", () -> counted(ten), is(10L));
            eventually("numbers of the second job", () -> counted(twenty), is(20L));

            ten.cancel();
            assertThat(ten.waitUntilFinish(), is(State.CANCELLED));

            assertThat(counted(ten), is(10L));
            assertThat(counted(twenty), is(20L));
            twenty.cancel();
            assertThat(twenty.waitUntilFinish(), is(State.CANCELLED));
            assertThat(counted(twenty), is(20L));
        }
    }

    private static void countsWhatARunDid(RunnerProfile profile) {
        try (Launcher launcher = profile.launcher()) {
            PipelineResult result = launcher.start(
                    numbers(profile, JOB, GenerateSequence.from(0).to(1000), -1));

            assertThat(result.waitUntilFinish(), is(State.DONE));
            assertThat(counted(result), is(1000L));
        }
    }

    private static void throwsWhatARunFailedOf(RunnerProfile profile) {
        try (Launcher launcher = profile.launcher()) {
            Pipeline pipeline = numbers(profile, JOB, GenerateSequence.from(0).to(10), 7);

            PipelineExecutionException failure = assertThrows(
                    PipelineExecutionException.class,
                    () -> launcher.start(pipeline).waitUntilFinish());
            assertThat(rootCause(failure).getMessage(), containsString("number must not be 7"));
        }
    }

    private static Pipeline numbers(RunnerProfile profile, JobShape shape, GenerateSequence sequence, long bad) {
        Pipeline pipeline = Pipeline.create(profile.options(shape, List.of()));
        pipeline.apply("Numbers", sequence).apply("Count", ParDo.of(new CountFn(bad)));
        return pipeline;
    }

    /** Runs on and on, and counts the numbers below {@code end}. */
    private static Pipeline endless(long end) {
        Pipeline pipeline =
                Pipeline.create(RunnerProfile.FLINK_LOCAL.options(new JobShape("endless", true, false), List.of()));
        pipeline.apply("Numbers", GenerateSequence.from(0).withRate(1_000, Duration.standardSeconds(1)))
                .apply("First", Filter.lessThan(end))
                .apply("Count", ParDo.of(new CountFn(-1)));
        return pipeline;
    }

    private static long counted(PipelineResult result) {
        MetricsFilter numbers = MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.named("test", "numbers"))
                .build();
        long sum = 0;
        for (MetricResult<Long> step : result.metrics().queryMetrics(numbers).getCounters()) {
            sum += step.getAttempted();
        }
        return sum;
    }

    private static Throwable rootCause(Throwable failure) {
        return failure.getCause() == null ? failure : rootCause(failure.getCause());
    }

    private static final class CountFn extends DoFn<Long, Void> {
        private final Counter numbers = Metrics.counter("test", "numbers");
        private final long bad;

        CountFn(long bad) {
            this.bad = bad;
        }

        @ProcessElement
        public void process(@Element Long number) {
            if (number == bad) {
                throw new IllegalStateException("number must not be " + number);
            }
            numbers.inc();
        }
    }
}
