package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.s3.S3Settings;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** Pipelines before there is anything in them. */
public final class Pipelines {
    private Pipelines() {}

    /** An empty pipeline of options, in which what a spec says of the job as a whole is set. */
    static Pipeline create(RouterSpec spec, PipelineOptions options) {
        return Pipeline.create(withSettings(spec, options));
    }

    /** Options in which what a spec says of the job as a whole is set. */
    public static PipelineOptions withSettings(RouterSpec spec, PipelineOptions options) {
        S3Settings s3 = spec.s3();
        if (s3 != null) {
            s3.setIn(options);
        }
        return options;
    }
}
