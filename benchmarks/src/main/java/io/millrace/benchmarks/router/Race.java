package io.millrace.benchmarks.router;

import static com.google.common.base.Preconditions.checkState;

import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Lets one contender after the other do the same work at its full rate, each in a new process, and takes its accounts. */
final class Race implements AutoCloseable {
    private static final int OUTPUT_PARTITIONS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaBroker broker;
    private final Admin admin;
    private final Path folder;
    private final Span span;
    private final AtomicInteger runs = new AtomicInteger();

    /**
     * How long a contender runs: a warm-up that is not counted, then the part that is. Each ends with a share of the results, or
     * for a slow contender after a time.
     */
    record Span(double warmUpShare, Duration warmUpAtMost, double endShare, Duration countedAtMost) {}

    Race(KafkaBroker broker, Path folder, Span span) {
        this.broker = broker;
        this.admin = broker.admin();
        this.folder = folder;
        this.span = span;
    }

    /** A contender's accounts. */
    Throughput run(Lane lane) {
        Contender contender = lane.contender();
        Workload workload = lane.workload();
        String output = "results-" + runs.incrementAndGet();
        broker.createTopic(output, OUTPUT_PARTITIONS);
        Task task = new Task(broker.bootstrapServers(), workload.topic(), output, lane.parallelism());
        try (ContenderProcess process =
                ContenderProcess.start(contender, task, folder.resolve(output), lane.jvmOptions())) {
            awaitResults(contender, output, 1, PATIENCE);
            awaitResults(contender, output, share(workload, span.warmUpShare), span.warmUpAtMost);
            long resultsThen = results(output);
            Sample from = process.sample();
            awaitResults(contender, output, share(workload, span.endShare), span.countedAtMost);
            long resultsNow = results(output);
            Sample to = process.sample();
            checkState(resultsNow > resultsThen, "%s must go on, but wrote nothing more", lane.name());
            return Throughput.between(from, resultsThen, to, resultsNow, workload.eventsPerResult());
        } finally {
            broker.deleteTopic(output);
        }
    }

    private static long share(Workload workload, double share) {
        return Math.round(workload.results() * share);
    }

    private void awaitResults(Contender contender, String output, long wanted, Duration atMost) {
        long start = System.nanoTime();
        Eventually.within(PATIENCE)
                .until(
                        contender.text() + " to write " + wanted + " results",
                        () -> results(output) >= wanted || System.nanoTime() - start > atMost.toNanos());
    }

    private long results(String output) {
        try {
            Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, OUTPUT_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(output, partition))
                    .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker must tell the ends of " + output, e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
