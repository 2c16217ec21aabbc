package io.millrace.pipelines;

import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.RunnerProfile;
import io.millrace.runnerprofiles.StateFolder;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;

/**
 * The main that a Flink cluster calls for a rehearsal or a restatement: builds the job without its effects and gives it to the cluster, unless that is over by then.
 *
 * <p>Called with what says which job ({@link OnCluster}), the folder of catalogs as the cluster reaches it, the id and the name of the job, what the shadows of its sinks end in, and Beam's options.
 */
public final class SideJobOnCluster {
    private static final int OWN = 8;

    private SideJobOnCluster() {}

    /** Submits it. */
    public static void main(String[] arguments) throws SpecProblems {
        RouterJob job = OnCluster.job(arguments);
        Catalog catalog = Catalog.of(job.name(), StateFolder.onCluster(arguments[OWN]));
        String id = arguments[OWN + 1];
        SideJob side = new SideJob(job, arguments[OWN + 3], arguments[OWN + 2]);
        List<String> beamOptions = List.of(arguments).subList(OWN + 4, arguments.length);
        Pipeline pipeline = side.pipeline(RunnerProfile.FLINK.options(side.shape(), beamOptions));
        if (!catalog.mayBegin(id)) {
            throw new FlinkClusterException("job " + side.name() + " was ended before it began");
        }
        pipeline.run();
    }

    /** What {@link #main} is to be called with. */
    static List<String> arguments(SideJob side, StateFolder catalogs, String id, List<String> beamOptions) {
        List<String> arguments = new ArrayList<>(OnCluster.arguments(side.job()));
        arguments.add(catalogs.toString());
        arguments.add(id);
        arguments.add(side.name());
        arguments.add(side.shadow());
        arguments.addAll(beamOptions);
        return arguments;
    }
}
