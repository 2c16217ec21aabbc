package io.millrace.io.config;

import org.apache.beam.sdk.options.PipelineOptions;

/** What a pipeline is run by, where one runner needs something that another does not. */
public final class Runners {
    private Runners() {}

    /** Whether it is Flink. */
    public static boolean isFlink(PipelineOptions options) {
        return options.getRunner().getSimpleName().equals("FlinkRunner");
    }
}
