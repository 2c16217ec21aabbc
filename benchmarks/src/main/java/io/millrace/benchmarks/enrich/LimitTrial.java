package io.millrace.benchmarks.enrich;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.pipelines.Millrace;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.history.Call;
import io.millrace.testfixtures.history.HistoryService;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.server.ServerClassPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Jobs on a cluster of two TaskManagers that look up at a limited rate, and when their calls came: by the service's own record, whose
 * clock is that of this machine.
 */
final class LimitTrial {
    private static final int LONGEST_SUBMIT_SECONDS = 300;

    private final KafkaBroker broker;
    private final HistoryService service;
    private final FlinkCluster cluster;
    private final Path folder;

    LimitTrial(KafkaBroker broker, HistoryService service, FlinkCluster cluster, Path folder) {
        this.broker = broker;
        this.service = service;
        this.cluster = cluster;
        this.folder = folder;
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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ServerClassPath.of("benchmarks"),
                Millrace.class.getName(),
                "router",
                "--spec=" + spec,
                "--runner=flink",
                "--flinkMaster=" + cluster.master(),
                "--parallelism=" + lookup.parallelism()));
        command.addAll(Arrays.asList(options));
        execute(command);
    }

    private void execute(List<String> command) {
        Path log = folder.resolve("submit.log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            checkState(process.waitFor(LONGEST_SUBMIT_SECONDS, TimeUnit.SECONDS), "a submit must end, see %s", log);
            checkState(process.exitValue() == 0, "a submit must succeed, see %s", log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The calls of a while, from some time after the next ones on. */
    CallRates rates(Duration settling, Duration counted) {
        long before = service.counters().calls();
        Eventually.within(Duration.ofMinutes(5))
                .until("a call", () -> service.counters().calls() > before);
        pass(settling);
        Instant from = last();
        pass(counted);
        return CallRates.of(service.calls()).between(from, last());
    }

    private Instant last() {
        List<Call> calls = service.calls();
        return calls.get(calls.size() - 1).arrival();
    }

    private static void pass(Duration time) {
        try {
            boolean never = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }
}
