package io.millrace.benchmarks.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Streams;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.FullRate;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.benchmarks.race.Workload;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.scripts.HostileScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What becomes of the rate of good events while every attack of a hostile script is brought about among them, at half of the load that
 * the job can take, with the heap of a TaskManager of 512 MB.
 */
final class HostileTrial {
    private static final int PARTITIONS = 2;
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final KafkaBroker broker;
    private final Path folder;
    private final int backlog;
    private final Duration each;

    /**
     * A trial.
     *
     * @param backlog how many events the job has to get warm on
     * @param each how long there is no attack, and then all of them
     */
    HostileTrial(KafkaBroker broker, Path folder, int backlog, Duration each) {
        this.broker = broker;
        this.folder = folder;
        this.backlog = backlog;
        this.each = each;
    }

    /**
     * What was seen.
     *
     * @param attacks how many there were
     * @param peace while there were none
     * @param attacked while there were
     */
    record Outcome(int attacks, Seen peace, Seen attacked) {}

    /** Good events a second, and their results. */
    record Seen(double eventsPerSecond, double resultsPerSecond) {
        double share() {
            return resultsPerSecond / eventsPerSecond;
        }
    }

    Outcome run() {
        Assignment assignment = new Assignment(broker.bootstrapServers(), "hostile-plays", "hostile-results");
        Stream.of(assignment.input(), assignment.output()).forEach(topic -> broker.createTopic(topic, PARTITIONS));
        Workload.fill(broker, assignment.input(), PARTITIONS, backlog, play -> true);
        List<String> attacks = Streams.concat(HostileScript.stopped().stream(), HostileScript.failing().stream())
                .toList();
        try (ContenderProcess job = ContenderProcess.start(
                ScriptRoute.class,
                assignment,
                ScriptRoute.arguments(ScriptRoute.HOSTILE, 1),
                folder.resolve(assignment.output()),
                List.of("-Xmx" + Lane.HEAP_OF_512_MB))) {
            double full = FullRate.of(job, backlog);
            Eventually.within(PATIENCE)
                    .until("the backlog to be done", () -> broker.end(assignment.output()) >= backlog);
            try (PacedLoad load = PacedLoad.start(broker, assignment.input(), PARTITIONS)) {
                load.goOn(full / 2);
                job.work(SETTLING);
                Seen peace = seen(job, load, assignment, List.of());
                Seen attacked = seen(job, load, assignment, attacks);
                load.stop();
                Eventually.within(PATIENCE)
                        .until("all results", () -> broker.end(assignment.output()) >= backlog + load.sent());
                return new Outcome(attacks.size(), peace, attacked);
            }
        }
    }

    private Seen seen(ContenderProcess job, PacedLoad load, Assignment assignment, List<String> attacks) {
        long sent = load.sent();
        long results = broker.end(assignment.output());
        long start = System.nanoTime();
        Duration pause = each.dividedBy(Math.max(1, attacks.size()));
        for (String attack : attacks) {
            broker.produce(List.of(new ProducerRecord<>(
                    assignment.input(), HostileScript.attacking(attack).getBytes(UTF_8))));
            job.work(pause);
        }
        if (attacks.isEmpty()) {
            job.work(each);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Seen((load.sent() - sent) / seconds, (broker.end(assignment.output()) - results) / seconds);
    }
}
