package io.millrace.benchmarks.coisolated;

import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.FullRate;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.transforms.event.SystemClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What becomes of four routes of a job while the broker of the fifth is halted, under half the load that the job can take.
 *
 * <p>The job first works off a backlog, at its full rate, until its compilers are quiet; then it is seen how much it takes. Then comes
 * the steady load: for a time all is well, for as long the fifth route's broker is halted, then it goes on. The results lie in topics
 * that give them the time at which they were appended, and say themselves when their event was appended: by the clock of one broker,
 * read when all is over.
 */
final class FrozenSinkTrial {
    private static final int PARTITIONS = 8;
    private static final Map<String, String> BY_THE_BROKER = Map.of("message.timestamp.type", "LogAppendTime");
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaBroker broker;
    private final KafkaBroker slow;
    private final Path folder;
    private final int backlog;
    private final Duration each;
    private final Clock clock = SystemClock.utc();

    /**
     * A trial.
     *
     * @param broker that is read from, and written to by four routes
     * @param slow that the fifth writes to, and that is halted
     * @param folder where the job logs
     * @param backlog how many events the job has to get warm on
     * @param each how long the fifth sink is well, and then is halted
     */
    FrozenSinkTrial(KafkaBroker broker, KafkaBroker slow, Path folder, int backlog, Duration each) {
        this.broker = broker;
        this.slow = slow;
        this.folder = folder;
        this.backlog = backlog;
        this.each = each;
    }

    /**
     * What was seen.
     *
     * @param fullEventsPerSecond what the job took from its backlog
     * @param well while all sinks were well
     * @param frozen while one was halted
     */
    record Outcome(double fullEventsPerSecond, Seen well, Seen frozen) {}

    /**
     * The other routes over a span.
     *
     * @param eventsPerSecond the load as it was
     * @param resultsPerSecond results appended
     * @param p50Millis of results of the span's events
     * @param p99Millis of results of the span's events
     */
    record Seen(double eventsPerSecond, double resultsPerSecond, int p50Millis, int p99Millis) {}

    Outcome run() {
        Assignment assignment = new Assignment(broker.bootstrapServers(), "frozen-plays", "frozen-results");
        List<String> others = FiveSinks.others(assignment.output());
        Stream.concat(Stream.of(assignment.input()), others.stream())
                .forEach(topic -> broker.createTopic(topic, PARTITIONS, BY_THE_BROKER));
        slow.createTopic(FiveSinks.SLOW, PARTITIONS);
        Workload.fill(broker, assignment.input(), PARTITIONS, backlog, play -> true);
        try (ContenderProcess job = ContenderProcess.start(
                FiveSinks.class,
                assignment,
                List.of(slow.bootstrapServers()),
                folder.resolve(assignment.output()),
                List.of("-Xmx" + Lane.HEAP_OF_512_MB))) {
            double full = FullRate.of(job, backlog);
            Eventually.within(PATIENCE)
                    .until("the backlog to be done", () -> job.sample().eventsRead() >= backlog);
            try (PacedLoad load = PacedLoad.start(broker, assignment.input(), PARTITIONS)) {
                load.goOn(full / 2);
                job.work(SETTLING);
                Span well = span(job, load);
                slow.process().pause();
                Span frozen = span(job, load);
                slow.process().resume();
                job.work(SETTLING);
                load.stop();
                Eventually.within(PATIENCE)
                        .until("all events to be read", () -> job.sample().eventsRead() >= backlog + load.sent());
                job.work(SETTLING);
                ResultTimes times = ResultTimes.of(broker, others);
                return new Outcome(full, times.seen(well), times.seen(frozen));
            }
        }
    }

    /** A time, and the events that were sent in it. */
    record Span(long fromMillis, long toMillis, long sent) {
        double seconds() {
            return (toMillis - fromMillis) / 1e3;
        }

        boolean has(long millis) {
            return millis >= fromMillis && millis < toMillis;
        }
    }

    private Span span(ContenderProcess job, PacedLoad load) {
        long from = clock.millis();
        long sent = load.sent();
        job.work(each);
        return new Span(from, clock.millis(), load.sent() - sent);
    }
}
