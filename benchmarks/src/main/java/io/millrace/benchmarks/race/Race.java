package io.millrace.benchmarks.race;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Lets contenders do the same work at their full rate, each in a new process, and takes their accounts.
 *
 * <p>They take turns of a second: one works, the others are halted. So each has the machine to itself, and all meet the same machine,
 * which is now faster, now slower, for minutes.
 */
public final class Race implements AutoCloseable {
    private static final int OUTPUT_PARTITIONS = 8;
    /** How long one works while the others are halted. */
    public static final Duration TURN = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaBroker broker;
    private final Admin admin;
    private final Path folder;
    private final Span span;
    private final AtomicInteger runs = new AtomicInteger();

    /**
     * How long a contender works: a warm-up that is not counted, then the part that is. The warm-up ends when the JVM's compilers are
     * quiet; at most, and the counted part always, with a share of the results, or for a slow contender after a time at work.
     */
    public record Span(double warmUpShare, Duration warmUpAtMost, double endShare, Duration countedAtMost) {}

    /** A race on a broker; what the contenders log is in a folder. */
    public Race(KafkaBroker broker, Path folder, Span span) {
        this.broker = broker;
        this.admin = broker.admin();
        this.folder = folder;
        this.span = span;
    }

    /** The accounts of lanes that race each other, in the order in which they take turns. */
    public Map<Lane, Throughput> run(List<Lane> lanes) {
        List<Runner> runners = new ArrayList<>();
        try {
            for (Lane lane : lanes) {
                Runner runner = start(lane);
                runners.add(runner);
                runner.awaitFirstResult();
            }
            while (!runners.stream().allMatch(Runner::isDone)) {
                runners.stream().filter(runner -> !runner.isDone()).forEach(Runner::takeTurn);
            }
            Map<Lane, Throughput> accounts = new LinkedHashMap<>();
            runners.forEach(runner -> accounts.put(runner.lane, requireNonNull(runner.account)));
            return accounts;
        } finally {
            runners.forEach(Runner::close);
        }
    }

    private Runner start(Lane lane) {
        String output = "results-" + runs.incrementAndGet();
        broker.createTopic(output, OUTPUT_PARTITIONS);
        Assignment assignment =
                new Assignment(broker.bootstrapServers(), lane.workload().topic(), output);
        return new Runner(
                lane,
                output,
                ContenderProcess.start(
                        lane.work(), assignment, lane.arguments(), folder.resolve(output), lane.jvmOptions()));
    }

    /** A lane that takes part. */
    private final class Runner implements AutoCloseable {
        private final Lane lane;
        private final String output;
        private final ContenderProcess process;
        private long workedNanos;
        private final Compilers compilers = new Compilers();
        private @Nullable Progress warm;
        private @Nullable Throughput account;

        Runner(Lane lane, String output, ContenderProcess process) {
            this.lane = lane;
            this.output = output;
            this.process = process;
        }

        boolean isDone() {
            return account != null;
        }

        /** Works up to its first result, and halts. */
        void awaitFirstResult() {
            Eventually.within(PATIENCE).until(lane.name() + " to do a first event", () -> done(process.sample()) > 0);
            process.halt();
        }

        void takeTurn() {
            long start = System.nanoTime();
            process.goOn();
            process.work(TURN);
            Sample sample = process.sample();
            Progress now = new Progress(sample, done(sample), workedNanos + System.nanoTime() - start);
            process.halt();
            workedNanos += System.nanoTime() - start;
            if (warm == null) {
                warm = isWarm(now) ? now : null;
                if (warm != null) {
                    System.err.printf(
                            "  %s: warm after %.0f s at work, compilers %s%n",
                            lane.name(), warm.workedNanos() / 1e9, compilers.areQuiet() ? "quiet" : "still at work");
                }
            } else if (isReached(span.endShare, now.done())
                    || now.workedNanos() - warm.workedNanos() > span.countedAtMost.toNanos()) {
                account = account(warm, now);
            }
        }

        /** Whether the compilers have become quiet; or enough was done. */
        private boolean isWarm(Progress now) {
            compilers.turn(now.sample());
            return compilers.areQuiet()
                    || isReached(span.warmUpShare, now.done())
                    || now.workedNanos() > span.warmUpAtMost.toNanos();
        }

        private boolean isReached(double share, long done) {
            return done
                    >= share
                            * (countsResults()
                                    ? lane.workload().results()
                                    : lane.workload().events());
        }

        private boolean countsResults() {
            return lane.counted() == Lane.Counted.RESULTS;
        }

        private Throughput account(Progress from, Progress to) {
            long done = to.done() - from.done();
            checkState(done > 0, "%s must go on, but did nothing more", lane.name());
            return Throughput.between(
                    from.sample(),
                    to.sample(),
                    done,
                    countsResults() ? lane.workload().eventsPerResult() : 1,
                    to.workedNanos() - from.workedNanos());
        }

        private long done(Sample sample) {
            return countsResults() ? results() : sample.eventsRead();
        }

        private long results() {
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
            process.close();
            broker.deleteTopic(output);
        }
    }

    /** How far a lane has come: what its process used, the results or events it has done, and the time it was at work. */
    private record Progress(Sample sample, long done, long workedNanos) {}

    @Override
    public void close() {
        admin.close();
    }
}
