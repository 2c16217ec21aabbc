package io.millrace.io.config;

import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;

/** What a pipeline is run by, where one runner needs something that another does not. */
public final class Runners {
    private Runners() {}

    /** Whether it is Flink. */
    public static boolean isFlink(PipelineOptions options) {
        return options.getRunner().getSimpleName().equals("FlinkRunner");
    }

    /** Whether it is Flink, and streams. */
    public static boolean isFlinkStreaming(PipelineOptions options) {
        return isFlink(options) && options.as(StreamingOptions.class).isStreaming();
    }
}
