package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouterSpec;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** What a job says of itself: a runner shows the options of its jobs, so that one can tell what runs there. */
public interface JobOptions extends PipelineOptions {
    /** The name under which {@link #getMillracePipeline()} is shown. */
    String PIPELINE = "millracePipeline";

    /** The name under which {@link #getMillraceSource()} is shown. */
    String SOURCE = "millraceSource";

    /** Sets what a job of a spec says. */
    static void say(RouterSpec spec, PipelineOptions options) {
        JobOptions said = options.as(JobOptions.class);
        said.setMillracePipeline(spec.name());
        said.setMillraceSource(spec.sourceVersion());
    }

    @Description("The name of the pipeline whose job this is.")
    @Nullable String getMillracePipeline();

    void setMillracePipeline(@Nullable String name);

    @Description("What identifies the source that the job reads.")
    @Nullable String getMillraceSource();

    void setMillraceSource(@Nullable String version);
}
