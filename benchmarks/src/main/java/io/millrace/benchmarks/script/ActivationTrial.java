package io.millrace.benchmarks.script;

import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.race.Assignment;
import io.millrace.benchmarks.race.ContenderProcess;
import io.millrace.benchmarks.race.Lane;
import io.millrace.benchmarks.race.PacedLoad;
import io.millrace.io.kafka.ControlTopic;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How long it takes from the publication of a version to its first result from each partition, of a job with four tasks under a steady
 * load; and that each event was processed once, by the version of its time.
 *
 * <p>Results lie in a topic that gives them the time at which they were appended.
 */
final class ActivationTrial {
    private static final int PARTITIONS = 8;
    private static final int PARALLELISM = 4;
    private static final double EVENTS_PER_SECOND = 2_000;
    private static final Duration LEAD = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaBroker broker;
    private final Path folder;
    private final int publications;
    private final Clock clock = SystemClock.utc();

    ActivationTrial(KafkaBroker broker, Path folder, int publications) {
        this.broker = broker;
        this.folder = folder;
        this.publications = publications;
    }

    /**
     * What was seen.
     *
     * @param seconds from each publication to its first result from the last of the partitions
     * @param events how many were sent, and had one result each, of the version of their time
     */
    record Outcome(List<Double> seconds, long events) {}

    /** A version that was published. */
    private record Publication(String version, Instant at, Instant effectiveFrom) {}

    Outcome run() throws IOException {
        Assignment assignment = new Assignment(broker.bootstrapServers(), "activation-plays", "activation-results");
        broker.createTopic(assignment.input(), PARTITIONS);
        broker.createTopic(assignment.output(), PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"));
        ControlLog log = KafkaEvents.controlLog(ControlTopic.of(broker.bootstrapServers(), "activation-script"));
        List<Publication> published = new ArrayList<>();
        published.add(publish(log, 0));
        try (ContenderProcess job = ContenderProcess.start(
                ScriptRoute.class,
                assignment,
                ScriptRoute.arguments("activation-script", PARALLELISM),
                folder.resolve(assignment.output()),
                List.of("-Xmx" + Lane.HEAP_OF_512_MB))) {
            try (PacedLoad load = PacedLoad.start(broker, assignment.input(), PARTITIONS)) {
                Eventually.within(PATIENCE)
                        .until("first results", () -> broker.end(assignment.output()) > 10 * EVENTS_PER_SECOND);
                load.goOn(EVENTS_PER_SECOND);
                job.work(BETWEEN);
                for (int version = 1; version <= publications; version++) {
                    published.add(publish(log, version));
                    job.work(BETWEEN);
                }
                load.stop();
                Eventually.within(PATIENCE).until("all results", () -> broker.end(assignment.output()) >= load.sent());
                return outcome(broker.records(assignment.output()), published, load.sent());
            }
        }
    }

    private Publication publish(ControlLog log, int number) throws IOException {
        Instant at = clock.instant();
        Instant from = Instant.ofEpochMilli(at.plus(LEAD).toEpochMilli());
        String version = "v" + number;
        String source = "function map(event, context) { return { at: context.time, number: " + number + " } }";
        log.append(ControlRecord.ofSource(version, source, from, "benchmark"));
        return new Publication(version, at, from);
    }

    private static Outcome outcome(
            List<ConsumerRecord<byte[], byte[]>> results, List<Publication> published, long sent) {
        Map<String, Map<Integer, Long>> firsts = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> result : results) {
            String version = header(result, "millrace-script");
            ResultId id = ResultId.parse(header(result, "millrace-id"));
            checkState(ids.add(id.toString()), "%s must have one result, but has another", id);
            checkState(
                    version.equals(inForce(published, result)),
                    "%s must be by %s, but was by %s",
                    id,
                    inForce(published, result),
                    version);
            firsts.computeIfAbsent(version, name -> new HashMap<>())
                    .merge(id.origin().partition(), result.timestamp(), Math::min);
        }
        checkState(ids.size() == sent, "results must be %s, but were %s", sent, ids.size());
        List<Double> seconds = published.stream()
                .skip(1)
                .map(one -> seconds(one, requireNonNull(firsts.get(one.version))))
                .toList();
        return new Outcome(seconds, sent);
    }

    private static String inForce(List<Publication> published, ConsumerRecord<byte[], byte[]> result) {
        try {
            JsonNode value = JSON.readTree(result.value());
            Instant at = Instant.ofEpochMilli(value.get("at").asLong());
            return published.stream()
                    .skip(1)
                    .filter(one -> !one.effectiveFrom.isAfter(at))
                    .reduce((earlier, later) -> later)
                    .orElse(published.get(0))
                    .version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(Publication publication, Map<Integer, Long> firsts) {
        checkState(
                firsts.size() == PARTITIONS, "%s must be seen in every partition, but was in %s", publication, firsts);
        long last = firsts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        return (last - publication.at.toEpochMilli()) / 1e3;
    }

    private static String header(ConsumerRecord<byte[], byte[]> result, String name) {
        return new String(result.headers().lastHeader(name).value(), UTF_8);
    }
}
