package io.millrace.pipelines;

import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.JobStart;
import io.millrace.runnerprofiles.UserJars;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Starts and stops a router's jobs on a cluster, and says so. */
final class ClusterJobs {
    private static final Duration RUNS_WITHIN = Duration.ofMinutes(2);
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(10);

    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final UserJars jars;
    private final List<String> beamOptions;

    ClusterJobs(Terminal terminal, FlinkCluster cluster, UserJars jars, List<String> beamOptions) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.jars = jars;
        this.beamOptions = List.copyOf(beamOptions);
    }

    /** The jobs of a pipeline, isolated or shared, of those that run: their ids by their names. */
    Map<String, String> of(String pipeline, Map<String, String> running) {
        Map<String, String> ours = new TreeMap<>(running);
        ours.keySet().removeIf(name -> !name.equals(pipeline) && !name.startsWith(pipeline + "--"));
        ours.values().removeIf(id -> !pipeline.equals(cluster.options(id).get(JobOptions.PIPELINE)));
        return ours;
    }

    /** Makes sure that the cluster has the jar, and gives its id there. */
    String upload() {
        terminal.err().println("uploading the jar");
        return cluster.upload(jars.within(ClusterJar.ofThisProcess().path()));
    }

    /** Stops a job with a savepoint, and gives its path. */
    String stop(String name, String id) {
        terminal.err().println("stopping job " + name + " with a savepoint");
        return cluster.stopWithSavepoint(id, name, STOPS_WITHIN);
    }

    /** Starts a job, from a state or from nothing, and waits until it runs. */
    void start(RouterJob job, Optional<String> state, String jar) {
        List<String> arguments = OnCluster.arguments(job, beamOptions);
        String id =
                cluster.start(jar, new JobStart(job.name(), OnCluster.class.getName(), arguments, state.orElse(null)));
        cluster.awaitRunning(id, job.name(), RUNS_WITHIN);
        state.ifPresent(path -> cluster.checkRestored(id, job.name(), path));
        terminal.out()
                .println("job " + job.name() + " runs as " + id
                        + state.map(path -> ", from " + path).orElse(""));
    }
}
