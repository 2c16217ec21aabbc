package io.millrace.runnerprofiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobSubmissionResult;
import org.apache.flink.api.common.time.Time;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.util.FileUtils;

/**
 * One Flink in this process for all pipelines: with checkpoints and restarts, state on the heap, without a web page.
 *
 * <p>A job that fails is restarted three times and then given up, so that a person at the terminal learns of it. Checkpoints live
 * in a temporary folder that goes with the process.
 */
final class LocalFlink implements Launcher {
    private static final int SLOTS = 64;
    private static final int RESTARTS = 3;
    private static final MemorySize ROCKSDB_MEMORY = MemorySize.ofMebiBytes(512);

    private final Cluster cluster;
    private final Path folder;
    private final URL emptyFolder;

    private LocalFlink(Cluster cluster, Path folder, URL emptyFolder) {
        this.cluster = cluster;
        this.folder = folder;
        this.emptyFolder = emptyFolder;
    }

    static LocalFlink start() {
        try {
            Path folder = Files.createTempDirectory("millrace-flink-");
            Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
            Path empty = Files.createDirectory(folder.resolve("empty"));
            Cluster cluster = new Cluster(new MiniClusterConfiguration.Builder()
                    .setConfiguration(configuration(checkpoints))
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(SLOTS)
                    .build());
            cluster.start();
            return new LocalFlink(cluster, folder, empty.toUri().toURL());
        } catch (Exception e) {
            throw new IllegalStateException("Flink must start in this process", e);
        }
    }

    private static Configuration configuration(Path checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
        // Where a job is told to keep its state in RocksDB, each slot may have its share of this.
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, ROCKSDB_MEMORY.multiply(SLOTS));
        configuration.set(
                RocksDBConfigurableOptions.USE_BLOOM_FILTER, true); // else a new key is looked for in every file
        // Counters travel with heartbeats, and progress is shown once a second.
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, 1_000L);
        return configuration;
    }

    @Override
    public PipelineResult start(Pipeline pipeline) {
        LocalFlinkEnvironment environment = new LocalFlinkEnvironment(cluster, emptyFolder);
        PipelineResult result = environment.asContext(pipeline::run);
        JobID job = environment.job();
        JobCounters counters = cluster.counters.of(job);
        CompletableFuture<JobResult> end =
                cluster.requestJobResult(job).whenComplete((ended, failure) -> cluster.counters.forget(job));
        return new LocalFlinkResult(result, end, counters, () -> cluster.failures(job));
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get();
            FileUtils.deleteDirectory(folder.toFile());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Flink in this process must stop", e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flink, which is asked for what its web page shows. */
    private static final class Cluster extends MiniCluster {
        private static final Time PATIENCE = Time.seconds(10);

        private final LocalCounters counters = new LocalCounters();

        Cluster(MiniClusterConfiguration configuration) {
            super(configuration);
        }

        @Override
        protected MetricRegistryImpl createMetricRegistry(Configuration configuration, long maxMessageBytes) {
            return new MetricRegistryImpl(
                    MetricRegistryConfiguration.fromConfiguration(configuration, maxMessageBytes),
                    List.of(ReporterSetup.forReporter("counters", counters)));
        }

        @Override
        public CompletableFuture<JobSubmissionResult> submitJob(JobGraph graph) {
            JobID job = graph.getJobID();
            counters.follow(job);
            return super.submitJob(graph).whenComplete((submitted, failure) -> {
                if (failure != null) {
                    counters.forget(job);
                }
            });
        }

        /** What the attempts of a job failed of, the first one first; nothing where that is no longer known. */
        Iterable<RootExceptionHistoryEntry> failures(JobID job) {
            return getDispatcherGatewayFuture()
                    .thenCompose(dispatcher -> dispatcher.requestExecutionGraphInfo(job, PATIENCE))
                    .thenApply(ExecutionGraphInfo::getExceptionHistory)
                    .exceptionally(unknown -> List.of())
                    .join();
        }
    }
}
