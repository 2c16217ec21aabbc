package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.rewind.PreparedStart;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StartedWith;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.transforms.event.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The main that a Flink cluster calls: builds the pipeline of a job and gives it to the cluster it is called in.
 *
 * <p>Called with the spec as one JSON document, the names of the job's routes joined by commas, the lineage and the epoch of the run, the
 * offsets at which it goes on, what its routes have had already, what identifies what it reads, the version of its scripts or nothing, what it waits for
 * or nothing ({@link PreparedStart}), and Beam's options. It returns as soon as the job is submitted, and never ends the process, which is the cluster's.
 */
public final class OnCluster {
    private static final String SEPARATOR = ",";

    private OnCluster() {}

    /** Submits a job. */
    public static void main(String[] arguments) throws SpecProblems {
        RouterSpec spec = SpecReader.read(arguments[0], Target.LOCAL);
        RouterJob job = new RouterJob(
                spec,
                routes(spec, arguments[1]),
                new Run(spec.name(), spec.specVersion(), arguments[2], Long.parseLong(arguments[3])),
                arguments[4],
                HandedOver.parse(arguments[5]),
                arguments[6],
                arguments[7]);
        List<String> beamOptions = List.of(arguments).subList(9, arguments.length);
        PipelineOptions options = RunnerProfile.FLINK.options(job.shape(), beamOptions);
        JobOptions.say(new StartedWith(arguments[0], job.scriptVersion(), beamOptions), options);
        Pipeline pipeline = job.pipeline(options);
        PreparedStart.parse(arguments[8]).ifPresent(PreparedStart::await);
        pipeline.run();
    }

    /** What {@link #main} is to be called with. */
    static List<String> arguments(RouterJob job, Optional<PreparedStart> waitsFor, List<String> beamOptions) {
        List<String> arguments = new ArrayList<>(List.of(
                job.spec().json(),
                names(job),
                job.run().lineage(),
                Long.toString(job.run().epoch()),
                job.offsets(),
                job.handedOver().json(),
                job.source(),
                job.scriptVersion(),
                waitsFor.map(PreparedStart::text).orElse("")));
        arguments.addAll(beamOptions);
        return arguments;
    }

    private static String names(RouterJob job) {
        return job.routes().stream().map(RouteSpec::name).collect(Collectors.joining(SEPARATOR));
    }

    private static List<RouteSpec> routes(RouterSpec spec, String names) {
        List<String> chosen = List.of(names.split(SEPARATOR));
        return spec.routes().stream()
                .filter(route -> chosen.contains(route.name()))
                .toList();
    }
}
