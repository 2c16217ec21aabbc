package io.millrace.pipelines.router;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.runnerprofiles.JobShape;
import io.millrace.transforms.event.Run;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A replay of one route's dead letters.
 *
 * @param spec the whole spec
 * @param route the route
 * @param path where the dead letters are
 * @param identity what identifies them, {@link StoredDeadLetters#ofRoutes}
 * @param epoch the epoch in which its results count
 * @param scriptVersion the version of a script that has versions, whatever the time of an event; empty for those in force then
 */
public record ReplayJob(
        RouterSpec spec, RouteSpec route, String path, String identity, long epoch, String scriptVersion)
        implements Job {

    @Override
    public List<RouteSpec> routes() {
        return List.of(route);
    }

    @Override
    public String name() {
        return spec.name() + "--" + route.name() + "-replay";
    }

    @Override
    public JobShape shape() {
        return new JobShape(name(), false, true);
    }

    @Override
    public Pipeline pipeline(PipelineOptions options) {
        Pipeline pipeline = Pipelines.create(spec, options);
        Run run = Run.replaying(identity, spec.name(), spec.specVersion(), epoch);
        pipeline.apply(spec.name(), ReplayPipeline.of(spec.withRoutes(List.of(route)), run, path, scriptVersion));
        return pipeline;
    }
}
