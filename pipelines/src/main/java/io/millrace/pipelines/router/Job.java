package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.runnerprofiles.JobShape;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/** A job for routes of a spec. */
public interface Job {

    /** The whole spec. */
    RouterSpec spec();

    /** Its routes. */
    List<RouteSpec> routes();

    /** The name that the job is shown under. */
    String name();

    /** What a runner's profile needs to know of it. */
    JobShape shape();

    /** The pipeline, for a run of its own. */
    Pipeline pipeline(PipelineOptions options);
}
