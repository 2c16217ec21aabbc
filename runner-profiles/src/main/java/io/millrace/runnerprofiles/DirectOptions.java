package io.millrace.runnerprofiles;

/** The options of {@link RunnerProfile#DIRECT}. */
final class DirectOptions {
    private DirectOptions() {}

    /**
     * Runs without waiting, and without the DirectRunner's checks for DoFns that change their elements: they encode and compare
     * every element, and tests are the place for them.
     */
    static ProfileOptions of() {
        return ProfileOptions.common()
                .byDefault("targetParallelism", Math.max(2, Runtime.getRuntime().availableProcessors()))
                .byDefault("enforceImmutability", false)
                .byDefault("enforceEncodability", false)
                .fixed("blockOnRun", false, "progress is shown while the pipeline runs")
                .refused("savepointPath", "the direct runner has no savepoints, and the job would start afresh");
    }
}
