package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions.CheckEnabled;
import org.junit.Test;

public class RunnerProfileTest {
    private static final JobShape STREAM = new JobShape("play-events--us", true, false);
    private static final JobShape STREAM_TO_ITS_END = new JobShape("play-events--us", true, true);
    private static final JobShape FILES = new JobShape("play-events--us", false, true);

    @Test
    public void directRunsWithoutTheChecksThatAreForTests() {
        DirectOptions options = RunnerProfile.DIRECT.options(FILES, List.of()).as(DirectOptions.class);

        assertThat(options.getRunner(), is((Object) DirectRunner.class));
        assertThat(options.isEnforceImmutability(), is(false));
        assertThat(options.isEnforceEncodability(), is(false));
        assertThat(options.isBlockOnRun(), is(false));
        assertThat(options.getJobName(), is("play-events--us"));
        assertThat(options.getStableUniqueNames(), is(CheckEnabled.ERROR));
    }

    @Test
    public void flinkCheckpointsEveryTenSecondsAndKeepsThemWhenCancelled() {
        FlinkPipelineOptions options = flink(STREAM);

        assertThat(options.getRunner(), is((Object) FlinkRunner.class));
        assertThat(options.getFlinkMaster(), is("[auto]"));
        assertThat(options.getAttachedMode(), is(false));
        assertThat(options.isStreaming(), is(true));
        assertThat(options.getCheckpointingInterval(), is(10_000L));
        assertThat(options.isExternalizedCheckpointsEnabled(), is(true));
        assertThat(options.getRetainExternalizedCheckpointsOnCancellation(), is(true));
        assertThat(options.getFinishBundleBeforeCheckpointing(), is(true));
        assertThat(options.getObjectReuse(), is(true));
        assertThat(options.getFasterCopy(), is(true));
        assertThat(options.getMaxBundleSize(), is(100_000L));
        assertThat(options.getMaxBundleTimeMills(), is(200L));
    }

    @Test
    public void aJobThatAsksHasLongBundlesAndOutlastsCheckpointsThatFail() {
        FlinkPipelineOptions asking = flink(STREAM.asking());

        assertThat(asking.getMaxBundleTimeMills(), is(4_000L));
        assertThat(asking.getFailOnCheckpointingErrors(), is(false));
        assertThat(flink(STREAM).getFailOnCheckpointingErrors(), is(true));
    }

    @Test
    public void aJobThatHoldsATableHasShortBundlesAndOutlastsCheckpointsThatFail() {
        FlinkPipelineOptions holding = flink(STREAM.holding());

        assertThat(holding.getMaxBundleTimeMills(), is(200L));
        assertThat(holding.getFailOnCheckpointingErrors(), is(false));
        assertThat(flink(STREAM.asking().holding()).getMaxBundleTimeMills(), is(4_000L));
    }

    @Test
    public void sourcesOfAnEndlessStreamNeverShutDown() {
        assertThat(flink(STREAM).getShutdownSourcesAfterIdleMs(), is(-1L));
    }

    @Test
    public void sourcesOfInputThatEndsShutDownAtOnceSoThatTheJobFinishes() {
        assertThat(flink(STREAM_TO_ITS_END).getShutdownSourcesAfterIdleMs(), is(0L));
        assertThat(flink(FILES).getShutdownSourcesAfterIdleMs(), is(0L));
    }

    @Test
    public void optionsOfBeamPassThroughAndWinOverDefaults() {
        FlinkPipelineOptions options =
                flink(STREAM, "--parallelism=3", "--checkpointingInterval=500", "--maxBundleSize=1000");

        assertThat(options.getParallelism(), is(3));
        assertThat(options.getCheckpointingInterval(), is(500L));
        assertThat(options.getMaxBundleSize(), is(1000L));
    }

    @Test
    public void refusesAStreamOnFlinkWithoutCheckpoints() {
        assertThat(
                problems(RunnerProfile.FLINK, STREAM_TO_ITS_END, "--checkpointingInterval=-1"),
                contains(
                        "--checkpointingInterval: must be at least 1 (millisecond), but was -1: without checkpoints a restart"
                                + " loses the place in the stream; leave it out for 10000"));
    }

    @Test
    public void takesFilesOnFlinkWithoutCheckpoints() {
        assertThat(flink(FILES, "--checkpointingInterval=-1").getCheckpointingInterval(), is(-1L));
    }

    @Test
    public void refusesASavepointThatTheRunnerWouldIgnore() {
        String refused =
                "--savepointPath: must not be given: Beam ignores it where the job is not submitted by its own client, and"
                        + " the job would start afresh";

        assertThat(problems(RunnerProfile.FLINK_LOCAL, STREAM, "--savepointPath=/savepoints/1"), contains(refused));
        assertThat(problems(RunnerProfile.FLINK, STREAM, "--savepointPath=/savepoints/1"), contains(refused));
    }

    @Test
    public void refusesToRunWithoutMetrics() {
        assertThat(
                problems(RunnerProfile.FLINK, STREAM, "--disableMetrics"),
                contains(
                        "--disableMetrics: must be false, but was true: the table, the summary and the metrics of routes come"
                                + " from them"));
    }

    @Test
    public void refusesNamesOfStepsThatMayRepeat() {
        assertThat(
                problems(RunnerProfile.DIRECT, FILES, "--stableUniqueNames=OFF"),
                contains(
                        "--stableUniqueNames: must be ERROR, but was OFF: a step's name is how its state is found again"));
    }

    @Test
    public void reportsEveryProblemAtOnceWithASuggestion() {
        assertThat(
                problems(
                        RunnerProfile.FLINK,
                        STREAM,
                        "--paralelism=2",
                        "--parallelism=two",
                        "--wibble=1",
                        "--attachedMode=true",
                        "parallelism=2"),
                contains(
                        "--paralelism: is not an option, did you mean --parallelism?",
                        "--parallelism: cannot be read, was two",
                        "--wibble: is not an option; --help lists Millrace's own, and Beam's documentation the others",
                        "parallelism=2: must be an option such as --parallelism=2",
                        "--attachedMode: must be false, but was true: progress is shown while the job runs"));
    }

    @Test
    public void namesTheProfilesThereAre() {
        assertThat(RunnerProfile.named("flink-local"), is(RunnerProfile.FLINK_LOCAL));
        OptionsRefused refused = assertThrows(OptionsRefused.class, () -> RunnerProfile.named("spark"));
        assertThat(refused.problems(), contains("--runner: must be one of direct, flink-local, flink, but was spark"));
    }

    @Test
    public void refusesToRunInNoPartAtAll() {
        assertThat(
                problems(RunnerProfile.FLINK_LOCAL, STREAM, "--parallelism=0"),
                contains("--parallelism: must be at least 1, but was 0"));
    }

    private static FlinkPipelineOptions flink(JobShape shape, String... beamOptions) {
        PipelineOptions options = RunnerProfile.FLINK.options(shape, List.of(beamOptions));
        return options.as(FlinkPipelineOptions.class);
    }

    private static List<String> problems(RunnerProfile profile, JobShape shape, String... beamOptions) {
        return assertThrows(OptionsRefused.class, () -> profile.options(shape, List.of(beamOptions)))
                .problems();
    }
}
