package io.millrace.benchmarks.enrich;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.history.Call;
import io.millrace.testfixtures.history.HistoryService;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Jobs on a cluster of two TaskManagers that look up at a limited rate, and when their calls came: by the service's own record, whose
 * clock is that of this machine.
 */
final class LimitTrial {
    private final KafkaBroker broker;
    private final HistoryService service;
    private final FlinkCluster cluster;
    private final Path folder;
    private final ClusterJobs jobs;

    LimitTrial(KafkaBroker broker, HistoryService service, FlinkCluster cluster, Path folder) {
        this.broker = broker;
        this.service = service;
        this.cluster = cluster;
        this.folder = folder;
        this.jobs = new ClusterJobs(cluster, folder);
    }

    /** Starts a job that reads a topic from its beginning. */
    void start(String input, Lookup lookup) {
        cluster.rest().cancelAll();
        broker.createTopic("results-of-" + input, 1);
        submit(input, lookup);
    }

    /** Stops the job with a savepoint, from which it goes on with another parallelism. */
    void rescale(String input, Lookup lookup) {
        submit(input, lookup, "--upgrade");
    }

    /** Kills one of the processes, which is replaced by another. */
    void kill() {
        cluster.killTaskManager();
        cluster.startTaskManager();
    }

    private void submit(String input, Lookup lookup, String... options) {
        Path spec = EnrichedRoute.write(
                folder.resolve(input + ".json"),
                new Assignment(broker.bootstrapServers(), input, "results-of-" + input),
                lookup);
        jobs.submit(
                "router",
                spec,
                Stream.concat(Stream.of("--parallelism=" + lookup.parallelism()), Stream.of(options))
                        .toArray(String[]::new));
    }

    /** The calls of a while, from some time after the next ones on. */
    CallRates rates(Duration settling, Duration counted) {
        long before = service.counters().calls();
        Eventually.within(Duration.ofMinutes(5))
                .until("a call", () -> service.counters().calls() > before);
        ClusterJobs.pass(settling);
        Instant from = last();
        ClusterJobs.pass(counted);
        return CallRates.of(service.calls()).between(from, last());
    }

    private Instant last() {
        List<Call> calls = service.calls();
        return calls.get(calls.size() - 1).arrival();
    }
}
