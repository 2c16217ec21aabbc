package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A route that looks up in a changelog and in a table on a Flink cluster with its state in RocksDB, whose TaskManagers are killed, and which
 * then goes on from a savepoint with fewer tasks: each event is there with the value of its own time, by its origin.
 */
public class ChangelogUnderKillsIT {
    private static final int PARTITIONS = 8;
    private static final int FEWER_TASKS =
            5; // more than a process has slots, so that whichever is killed has some of them
    private static final int PART = 4_000;
    private static final int PARTS = 3;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(10);
    private static final int EVENTS_FOR_A_CHANGE = 7;
    private static final int CHANGES_FOR_A_DELETION = 5;
    private static final Instant STOP = Instant.parse("2040-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<PlayEvent> events = PlayEvents.seed(43)
            .count(PARTS * PART)
            .titles(50)
            .every(BETWEEN_EVENTS)
            .outOfOrder(Duration.ofSeconds(2))
            .list();
    private final List<String> titles = events.stream()
            .map(event -> event.play().titleId())
            .distinct()
            .sorted()
            .toList();

    private String name;
    private String plays;
    private String releases;
    private String enriched;

    @Before
    public void name() throws IOException {
        name = flink.name("as-of");
        plays = kafka.topic("plays", PARTITIONS);
        releases = kafka.topic("releases", PARTITIONS);
        enriched = kafka.topic("enriched", PARTITIONS);
        Files.write(
                path("titles.jsonl"),
                titles.stream().map(title -> row(title).toString()).toList());
        writeSpec();
    }

    private Path path(String file) {
        return folder.getRoot().toPath().resolve(file);
    }

    private static ObjectNode row(String title) {
        return JSON.createObjectNode().put("id", title).put("name", "The " + title);
    }

    private void writeSpec() throws IOException {
        Files.writeString(path("spec.yaml"), """
                name: %s
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], stop: "%s"}
                  eventTime: event.ts
                  maxOutOfOrderness: PT5S
                  idleAfter: never
                routes:
                  - name: plays
                    enrich:
                      - into: release
                        key: event.title_id
                        changelog: {kafka: {bootstrapServers: "%s", topic: %s}, idleAfter: never}
                      - into: title
                        key: event.title_id
                        table: {keyField: id, files: {path: %s}}
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters: {files: {path: %s}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        plays,
                        STOP,
                        kafka.bootstrapServers(),
                        releases,
                        path("titles.jsonl"),
                        kafka.bootstrapServers(),
                        enriched,
                        path("dead-letters")));
    }

    @Test
    public void eachEventHasTheValueOfItsTimeOnceByItsOrigin() throws IOException {
        produce(0);
        submit("--parallelism=" + PARTITIONS);
        awaitMoreResults(0);
        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        kill();

        long results = kafka.broker().end(enriched);
        produce(1);
        awaitMoreResults(results);
        submit("--parallelism=" + FEWER_TASKS, "--upgrade");

        results = kafka.broker().end(enriched);
        produce(2);
        awaitMoreResults(results);
        kill();
        String last = job().id();
        ClusterRuns.produceStop(kafka.broker(), plays, PARTITIONS, STOP);
        ClusterRuns.produceStop(kafka.broker(), releases, PARTITIONS, STOP);
        flink.rest().awaitStatus(last, "FINISHED");

        assertThat(ClusterRuns.lines(path("dead-letters")), is(List.of()));
        assertThat(ClusterRuns.byIdentity(kafka.broker(), enriched), is(expected()));
    }

    private void awaitMoreResults(long than) {
        eventually("results", () -> kafka.broker().end(enriched), greaterThan(than));
    }

    private void kill() {
        String job = job().id();
        int restores = flink.rest().restores(job);
        flink.cluster().killTaskManager();
        flink.cluster().startTaskManager();
        eventually("restores", () -> flink.rest().restores(job), greaterThan(restores));
    }

    private void produce(int part) {
        List<PlayEvent> produced = events.subList(part * PART, (part + 1) * PART);
        kafka.broker().produce(produced.stream().map(event -> event.recordFor(plays, event.position() % PARTITIONS)));
        kafka.broker()
                .produce(produced.stream()
                        .filter(event -> event.position() % EVENTS_FOR_A_CHANGE == 0)
                        .map(event -> change(event.position())));
    }

    /** A change of the time at which an event of this position comes, of any title. */
    private ProducerRecord<byte[], byte[]> change(int position) {
        String title = changed(position);
        String version = version(position);
        return new ProducerRecord<>(
                releases,
                titles.indexOf(title) % PARTITIONS,
                changedAt(position).toEpochMilli(),
                title.getBytes(UTF_8),
                version == null ? null : version.getBytes(UTF_8));
    }

    private String changed(int position) {
        return titles.get(position * 31 % titles.size());
    }

    private static Instant changedAt(int position) {
        return PlayEvents.DEFAULT_START.plus(BETWEEN_EVENTS.multipliedBy(position));
    }

    private static String version(int position) {
        return position / EVENTS_FOR_A_CHANGE % CHANGES_FOR_A_DELETION == 0 ? null : "{\"version\":" + position + "}";
    }

    private void submit(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--stateBackend=rocksdb");
        all.add("--stateBackendStoragePath=" + path("state").toUri());
        CommandLineRun run = ClusterRuns.submit(flink.cluster(), path("spec.yaml"), all.toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(name + "--") && !job.hasEnded())
                .findFirst()
                .orElseThrow();
    }

    private Map<String, JsonNode> expected() throws IOException {
        Map<String, TreeMap<Instant, Integer>> changes = new HashMap<>();
        for (int position = 0; position < events.size(); position += EVENTS_FOR_A_CHANGE) {
            changes.computeIfAbsent(changed(position), title -> new TreeMap<>()).put(changedAt(position), position);
        }
        Map<String, JsonNode> expected = new TreeMap<>();
        long[] offsets = new long[PARTITIONS];
        String stream = ClusterRuns.stream(kafka.broker(), plays);
        for (PlayEvent event : events) {
            int partition = event.position() % PARTITIONS;
            ObjectNode document = (ObjectNode) JSON.readTree(event.value());
            String title = event.play().titleId();
            Map.Entry<Instant, Integer> inForce =
                    changes.getOrDefault(title, new TreeMap<>()).floorEntry(event.eventTime());
            String version = inForce == null ? null : version(inForce.getValue());
            if (version != null) {
                document.set("release", JSON.readTree(version));
            }
            document.set("title", row(title));
            ResultId id = ResultId.of(new Origin(stream, partition, offsets[partition]++));
            expected.put(id.madeBy("plays").toString(), document);
        }
        assertThat(
                "both kinds of events",
                expected.values().stream()
                        .collect(Collectors.partitioningBy(event -> event.has("release")))
                        .values()
                        .stream()
                        .allMatch(kind -> kind.size() > PART / 10),
                is(true));
        return expected;
    }
}
