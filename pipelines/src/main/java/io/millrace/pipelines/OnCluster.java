package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.PreparedStart;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StartedWith;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.StateFolder;
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
 * offsets at which it goes on, what its routes have had already, what identifies what it reads, the version of its scripts or nothing, the folder of catalogs
 * as the cluster reaches it or nothing, the job's id where it waits for its turn ({@link PreparedStart}) or nothing, and Beam's options.
 *
 * <p>The epoch is at least that of the last time that the job was rewound, which only its catalog may know any more. It returns as soon as the job is submitted, and never ends the process, which is the cluster's.
 */
public final class OnCluster {
    private static final String SEPARATOR = ",";

    private OnCluster() {}

    /** Submits a job. */
    public static void main(String[] arguments) throws SpecProblems {
        RouterJob given = job(arguments);
        Optional<Catalog> catalog = Optional.of(arguments[8])
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Catalog.of(given.name(), StateFolder.onCluster(folder)));
        RouterJob job = given.inEpoch(Math.max(
                given.run().epoch(), catalog.map(Catalog::highestEpochOfJobs).orElse(0L)));
        catalog.ifPresent(noted -> noted.addEpoch(job.run().epoch()));
        List<String> beamOptions = List.of(arguments).subList(10, arguments.length);
        PipelineOptions options = RunnerProfile.FLINK.options(job.shape(), beamOptions);
        JobOptions.say(new StartedWith(arguments[0], job.scriptVersion(), beamOptions), options);
        Pipeline pipeline = job.pipeline(options);
        if (!arguments[9].isEmpty()) {
            new PreparedStart(catalog.orElseThrow(), job.run().epoch(), arguments[9]).await();
        }
        pipeline.run();
    }

    /**
     * What {@link #main} is to be called with.
     *
     * @param waitingAs the id of the job, where it is to wait for its turn; else empty
     */
    static List<String> arguments(
            RouterJob job, Optional<StateFolder> catalogs, String waitingAs, List<String> beamOptions) {
        List<String> arguments = arguments(job);
        arguments.add(catalogs.map(StateFolder::toString).orElse(""));
        arguments.add(waitingAs);
        arguments.addAll(beamOptions);
        return arguments;
    }

    /** The first of the arguments: those that say which job. */
    static List<String> arguments(RouterJob job) {
        return new ArrayList<>(List.of(
                job.spec().json(),
                names(job),
                job.run().lineage(),
                Long.toString(job.run().epoch()),
                job.offsets(),
                job.handedOver().json(),
                job.source(),
                job.scriptVersion()));
    }

    /** The job that the first of the arguments say. */
    static RouterJob job(String[] arguments) throws SpecProblems {
        RouterSpec spec = SpecReader.read(arguments[0], Target.LOCAL);
        return new RouterJob(
                spec,
                routes(spec, arguments[1]),
                new Run(spec.name(), spec.specVersion(), arguments[2], Long.parseLong(arguments[3])),
                arguments[4],
                HandedOver.parse(arguments[5]),
                arguments[6],
                arguments[7]);
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
