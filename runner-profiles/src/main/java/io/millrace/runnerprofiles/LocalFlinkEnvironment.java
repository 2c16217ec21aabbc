package io.millrace.runnerprofiles;

import java.net.URL;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient.JobFinalizationBehavior;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;

/** What Beam's runner finds as its environment under the master {@code [auto]}: it submits the job to a cluster in this process. */
final class LocalFlinkEnvironment extends StreamExecutionEnvironment {
    private final MiniCluster cluster;
    private final URL emptyFolder;
    private @Nullable JobID job;

    /**
     * An environment for one job.
     *
     * @param emptyFolder what the job names as its class path, beside a user's jars: one that names none gets the system's class loader, which knows
     *     nothing of us where a build tool has loaded us
     */
    LocalFlinkEnvironment(MiniCluster cluster, URL emptyFolder) {
        super(new Configuration());
        this.cluster = cluster;
        this.emptyFolder = emptyFolder;
    }

    /** What an action gives while this environment is the one of the calling thread. */
    <T> T asContext(Supplier<T> action) {
        initializeContextEnvironment(configuration -> this);
        try {
            return action.get();
        } finally {
            resetContextEnvironment();
        }
    }

    /** The job that was submitted. */
    JobID job() {
        if (job == null) {
            throw new IllegalStateException("the pipeline must have been run");
        }
        return job;
    }

    @Override
    public JobClient executeAsync(StreamGraph graph) throws ExecutionException, InterruptedException {
        JobGraph jobGraph = graph.getJobGraph();
        jobGraph.setClasspaths(Stream.concat(Stream.of(emptyFolder), UserJars.loaded().stream())
                .toList());
        job = jobGraph.getJobID();
        cluster.submitJob(jobGraph).get();
        return new MiniClusterJobClient(
                jobGraph.getJobID(), cluster, getUserClassloader(), JobFinalizationBehavior.NOTHING);
    }
}
