package io.millrace.runnerprofiles;

import java.util.Optional;

/**
 * The options of {@link RunnerProfile#FLINK_LOCAL} and {@link RunnerProfile#FLINK}.
 *
 * <p>Every job runs in streaming mode, also over files: there is one way that windows, checkpoints and restarts work.
 */
final class FlinkOptions {
    /** How often a checkpoint is begun: what a restart repeats at most, and how long a reader of committed results waits. */
    static final long CHECKPOINTING_INTERVAL_MILLIS = 10_000;

    /** How many elements a bundle has at most. */
    static final long MAX_BUNDLE_SIZE = 100_000;

    /** How long a bundle stays open; half as long again at most, since Beam looks twice in that time. It may add that to the latency of an event. */
    static final long MAX_BUNDLE_TIME_MILLIS = 200;

    /** The same of a job that asks a service: while the last answers of a bundle are awaited nothing more is asked, so it is a long one. */
    static final long MAX_BUNDLE_TIME_MILLIS_ASKING = 4_000;

    private static final String IGNORED_SAVEPOINT =
            "Beam ignores it where the job is not submitted by its own client, and the job would start afresh";

    private FlinkOptions() {}

    /** For a job in this process. */
    static ProfileOptions inThisProcess(JobShape shape) {
        return of(shape)
                .byDefault("parallelism", Math.min(2, Runtime.getRuntime().availableProcessors()))
                .refused("savepointPath", IGNORED_SAVEPOINT);
    }

    /** For a job on a cluster, whose checkpoints outlive it. */
    static ProfileOptions onCluster(JobShape shape) {
        return of(shape)
                .byDefault("externalizedCheckpointsEnabled", true)
                .byDefault("retainExternalizedCheckpointsOnCancellation", true)
                .refused("filesToStage", "the one jar is uploaded, and nothing else")
                .refused("savepointPath", IGNORED_SAVEPOINT);
    }

    private static ProfileOptions of(JobShape shape) {
        return shape.ends() ? common(shape).byDefault("shutdownSourcesAfterIdleMs", 0) : common(shape);
    }

    private static ProfileOptions common(JobShape shape) {
        return ProfileOptions.common()
                .byDefault("checkpointingInterval", CHECKPOINTING_INTERVAL_MILLIS)
                .byDefault("maxBundleSize", MAX_BUNDLE_SIZE)
                .byDefault("maxBundleTimeMills", shape.asks() ? MAX_BUNDLE_TIME_MILLIS_ASKING : MAX_BUNDLE_TIME_MILLIS)
                .byDefault(
                        "failOnCheckpointingErrors",
                        !shape.waits()) // an outage may outlast a checkpoint: it is waited for
                .byDefault("objectReuse", true)
                .byDefault("fasterCopy", true)
                .fixed("runner", "FlinkRunner", "--runner takes one of " + RunnerProfile.names())
                .fixed(
                        "flinkMaster",
                        "[auto]",
                        "the profile chooses where the job runs; a cluster's address goes with --runner=flink")
                .fixed("attachedMode", false, "progress is shown while the job runs")
                .fixed("streaming", true, "jobs run in streaming mode, also over finite input")
                .fixed(
                        "finishBundleBeforeCheckpointing",
                        true,
                        "the rest of a bundle in a checkpoint can be misread after an upgrade")
                .fixed("disableMetrics", false, "the table, the summary and the metrics of routes come from them")
                .checked("parallelism", FlinkOptions::notParallel)
                .checked("checkpointingInterval", given -> uncheckpointed(shape, given))
                .checked("maxParallelism", given -> collapsing(shape));
    }

    private static Optional<String> notParallel(String given) {
        return Integer.parseInt(given) < 1 ? Optional.of("must be at least 1, but was " + given) : Optional.empty();
    }

    private static Optional<String> uncheckpointed(JobShape shape, String millis) {
        return shape.stream() && Long.parseLong(millis) < 1
                ? Optional.of("must be at least 1 (millisecond), but was " + millis
                        + ": without checkpoints a restart loses the place in the stream; leave it out for "
                        + CHECKPOINTING_INTERVAL_MILLIS)
                : Optional.empty();
    }

    private static Optional<String> collapsing(JobShape shape) {
        return shape.stream()
                ? Optional.of(
                        "must not be given: Beam would make one reader for each of that many, and reading slows down a"
                                + " thousandfold; use --parallelism")
                : Optional.empty();
    }
}
