package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.router.RouteJob;
import io.millrace.runnerprofiles.RunnerProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * The main that a Flink cluster calls: builds the pipeline of one route and gives it to the cluster it is called in.
 *
 * <p>Called with the spec as one JSON document, the route's name, the lineage of the run, the offsets at which it goes on, what
 * identifies the source that it reads, and Beam's options. It returns as soon
 * as the job is submitted, and never ends the process, which is the cluster's.
 */
public final class OnCluster {
    private OnCluster() {}

    /** Submits one route's job. */
    public static void main(String[] arguments) throws SpecProblems {
        RouterSpec spec = SpecReader.read(arguments[0], Target.LOCAL);
        RouteJob job = new RouteJob(spec, route(spec, arguments[1]), arguments[2], arguments[3], arguments[4]);
        List<String> beamOptions = List.of(arguments).subList(5, arguments.length);
        job.pipeline(RunnerProfile.FLINK.options(job.shape(), beamOptions)).run();
    }

    /** What {@link #main} is to be called with. */
    static List<String> arguments(RouteJob job, List<String> beamOptions) {
        List<String> arguments = new ArrayList<>(
                List.of(job.spec().json(), job.route().name(), job.lineage(), job.offsets(), job.source()));
        arguments.addAll(beamOptions);
        return arguments;
    }

    private static RouteSpec route(RouterSpec spec, String name) {
        return spec.routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("route must be one of the spec's, but was " + name));
    }
}
