package io.millrace.pipelines;

import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.router.RehearsedJob;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.StateFolder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/**
 * The main that a Flink cluster calls for a rehearsal: builds the job without its effects and gives it to the cluster, unless the rehearsal is over by then.
 *
 * <p>Called with what says which job ({@link OnCluster}), the folder of catalogs as the cluster reaches it, the id of the rehearsal, and Beam's options.
 */
public final class RehearsalOnCluster {
    private static final int OWN = 8;

    private RehearsalOnCluster() {}

    /** Submits a rehearsal. */
    public static void main(String[] arguments) throws SpecProblems {
        RouterJob job = OnCluster.job(arguments);
        Catalog catalog = Catalog.of(job.name(), StateFolder.onCluster(arguments[OWN]));
        String id = arguments[OWN + 1];
        List<String> beamOptions = List.of(arguments).subList(OWN + 2, arguments.length);
        RehearsedJob rehearsed = RehearsedJob.of(job, id);
        Pipeline pipeline = rehearsed.pipeline(RunnerProfile.FLINK.options(rehearsed.shape(), beamOptions));
        if (!catalog.mayBegin(id)) {
            throw new FlinkClusterException("the rehearsal was ended before its job began");
        }
        pipeline.run();
    }

    /** What {@link #main} is to be called with. */
    static List<String> arguments(RouterJob job, StateFolder catalogs, String id, List<String> beamOptions) {
        List<String> arguments = new ArrayList<>(OnCluster.arguments(job));
        arguments.add(catalogs.toString());
        arguments.add(id);
        arguments.addAll(beamOptions);
        return arguments;
    }
}
