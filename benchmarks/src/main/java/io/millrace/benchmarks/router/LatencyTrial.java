package io.millrace.benchmarks.router;

import io.millrace.benchmarks.race.Arrivals;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.Compilers;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.benchmarks.race.Race;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How long it takes from the broker's acceptance of an event until a consumer has its result, under a steady load.
 *
 * <p>The broker gives every event the time at which it was appended, and every contender gives a result the time of its event. What a
 * contender fell behind while it warmed up is worked off before anything is counted.
 */
final class LatencyTrial {
    private static final int PARTITIONS = 8;
    /** A sample: keys are spread evenly, and a consumer takes processor time too. */
    private static final int CONSUMED_PARTITIONS = 2;

    private static final int CAUGHT_UP_MILLIS = 500;
    private static final Duration SETTLING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaBroker broker;
    private final Path folder;
    private final Duration warmUpAtMost;
    private final Duration counted;

    LatencyTrial(KafkaBroker broker, Path folder, Duration warmUpAtMost, Duration counted) {
        this.broker = broker;
        this.folder = folder;
        this.warmUpAtMost = warmUpAtMost;
        this.counted = counted;
    }

    /**
     * What was seen under a load.
     *
     * @param p50Millis what half of the results did not exceed
     * @param p99Millis what all but a hundredth of the results did not exceed
     * @param eventsPerSecond what the load really was, which is less than was asked for where the machine cannot take more
     */
    record Outcome(int p50Millis, int p99Millis, double eventsPerSecond) {}

    Outcome run(Contender contender, int parallelism, double eventsPerSecond) {
        String input = "paced-" + contender.text();
        String output = input + "-results";
        broker.createTopic(input, PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"));
        broker.createTopic(output, PARTITIONS);
        Assignment assignment = new Assignment(broker.bootstrapServers(), input, output);
        try (ContenderProcess process = ContenderProcess.start(
                        RouterWork.class,
                        assignment,
                        RouterWork.arguments(contender, parallelism),
                        folder.resolve(output),
                        List.of("-Xmx" + Lane.HEAP_OF_512_MB));
                PacedLoad load = PacedLoad.start(broker, input, PARTITIONS);
                Arrivals arrivals = Arrivals.of(broker, output, CONSUMED_PARTITIONS)) {
            Eventually.within(PATIENCE).until("a first result", () -> arrivals.count() > 0);
            load.goOn(eventsPerSecond);
            warmUp(process, arrivals);
            load.trickle();
            Eventually.within(PATIENCE).until("what the warm-up left to do to be done", () -> hasCaughtUp(arrivals));
            load.goOn(eventsPerSecond);
            arrivals.countFor(SETTLING);
            arrivals.latency().clear();
            long sentThen = load.sent();
            arrivals.countFor(counted);
            process.sample(); // it still lives
            return new Outcome(
                    arrivals.latency().percentile(0.5),
                    arrivals.latency().percentile(0.99),
                    (load.sent() - sentThen) / (counted.toMillis() / 1e3));
        } finally {
            broker.deleteTopic(input);
            broker.deleteTopic(output);
        }
    }

    /** Until the JVM's compilers are quiet, as in the race; at most for a time. */
    private void warmUp(ContenderProcess process, Arrivals arrivals) {
        Compilers compilers = new Compilers();
        for (long turn = warmUpAtMost.dividedBy(Race.TURN); turn > 0 && !compilers.areQuiet(); turn--) {
            arrivals.countFor(Race.TURN);
            compilers.turn(process.sample());
        }
    }

    private static boolean hasCaughtUp(Arrivals arrivals) {
        arrivals.latency().clear();
        return arrivals.count() > 0 && arrivals.latency().percentile(1) < CAUGHT_UP_MILLIS;
    }
}
