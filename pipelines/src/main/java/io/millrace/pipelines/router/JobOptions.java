package io.millrace.pipelines.router;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** What a job says of itself: a runner shows the options of its jobs, so that one can tell what runs there. */
public interface JobOptions extends PipelineOptions {
    /** The name under which {@link #getMillracePipeline()} is shown. */
    String PIPELINE = "millracePipeline";

    /** The name under which {@link #getMillraceSource()} is shown. */
    String SOURCE = "millraceSource";

    /** Sets what a job says. */
    static void say(String pipeline, String source, PipelineOptions options) {
        JobOptions said = options.as(JobOptions.class);
        said.setMillracePipeline(pipeline);
        said.setMillraceSource(source);
    }

    @Description("The name of the pipeline whose job this is.")
    @Nullable String getMillracePipeline();

    void setMillracePipeline(@Nullable String name);

    @Description("What identifies the source that the job reads.")
    @Nullable String getMillraceSource();

    void setMillraceSource(@Nullable String version);
}
