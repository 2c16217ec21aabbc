package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
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
        ours.keySet().removeIf(name -> !isOf(pipeline, name));
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

    /**
     * Starts a job, from a state or from nothing, and waits until it runs. It has the epoch of the last job of its name, so that what it writes counts
     * beside what that has written.
     */
    void start(RouterJob job, Optional<String> state, String jar) {
        String id = FlinkCluster.newId();
        begin(job.inEpoch(Math.max(job.run().epoch(), epoch(job.name()))), id, state, jar, "");
        awaitRunning(job.name(), id, state);
    }

    /** Lets the cluster make ready for a job of an id, unless it has one, and begin it when its turn has come. */
    void beginInTurn(RouterJob job, String id, String state, String jar) {
        begin(job, id, Optional.of(state), jar, id);
    }

    private void begin(RouterJob job, String id, Optional<String> state, String jar, String waitingAs) {
        List<String> arguments = OnCluster.arguments(job, Catalog.beside(cluster), waitingAs, beamOptions);
        cluster.start(jar, new JobStart(id, job.name(), OnCluster.class.getName(), arguments, state.orElse(null)));
    }

    /** Starts a job beside others under an id, with a state that stays what it is. */
    void beginBeside(SideJob side, String id, String state, String jar) {
        List<String> arguments =
                SideJobOnCluster.arguments(side, Catalog.beside(cluster).orElseThrow(), id, beamOptions);
        String main = SideJobOnCluster.class.getName();
        cluster.start(jar, new JobStart(id, side.name(), main, arguments, state, true));
    }

    /** Waits until a job runs that was begun with a state or nothing. */
    void awaitRunning(String jobName, String id, Optional<String> state) {
        cluster.awaitRunning(id, jobName, RUNS_WITHIN);
        state.ifPresent(path -> cluster.checkRestored(id, jobName, path));
        terminal.out()
                .println("job " + jobName + " runs as " + id
                        + state.map(path -> ", from " + path).orElse(""));
    }

    /** The highest epoch of the jobs of a name that the cluster remembers. */
    long epoch(String jobName) {
        return cluster.jobs().stream()
                .filter(job -> job.name().equals(jobName))
                .mapToLong(job -> JobOptions.epoch(cluster.options(job.id())))
                .max()
                .orElse(0);
    }

    private static boolean isOf(String pipeline, String jobName) {
        return jobName.equals(pipeline) || jobName.startsWith(pipeline + "--");
    }
}
