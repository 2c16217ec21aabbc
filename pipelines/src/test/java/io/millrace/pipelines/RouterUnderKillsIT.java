package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.TestScale;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.events.Defect;
import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Three isolated routes over a topic of eight partitions, into Kafka, Elasticsearch and S3, on a Flink cluster whose TaskManagers
 * are killed while they work, as are the broker and the Elasticsearch node: every sink then holds exactly what a plain oracle
 * expects.
 *
 * <p>Of the events, one in a hundred has a defect and one in a hundred is two hours late, within the allowed lateness. A million
 * of them with {@code -Psoak}.
 */
public class RouterUnderKillsIT {
    private static final int PARTITIONS = 8;
    private static final int PARTS = TestScale.choose(3, 5);
    private static final int PART = TestScale.choose(8_000, 200_000);
    private static final Instant STOP = Instant.parse("2040-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(42)
            .count(PARTS * PART)
            .every(Duration.ofMillis(10))
            .late(0.01)
            .with(EnumSet.complementOf(EnumSet.of(Defect.NONE)), 0.01)
            .oversized(0.001, 20_000);

    private String pipeline;
    private String plays;
    private String longPlays;
    private String index;
    private String bucket;
    private String deadLetters;

    @Before
    public void createTopics() {
        pipeline = flink.name("kills");
        plays = kafka.topic("plays", PARTITIONS);
        longPlays = kafka.topic("long-plays", 4);
        index = elasticsearch.name("everything");
        elasticsearch.node().createIndex(index, "{\"duration_s\": {\"type\": \"integer\"}}");
        bucket = s3.bucket("lake");
        deadLetters = kafka.topic("dead-letters", 1);
    }

    @Test
    public void losesAndRepeatsNothingWhenWhatItWorksWithDies() throws IOException {
        produce(0);
        submit();
        List<Job> jobs = jobs();
        jobs.forEach(job -> flink.rest().awaitTasksRunning(job.id()));
        for (int part = 1; part < PARTS; part++) {
            killAfter(part, jobs);
        }
        ClusterRuns.produceStop(kafka.broker(), plays, PARTITIONS, STOP);
        jobs.forEach(job -> flink.rest().awaitStatus(job.id(), "FINISHED"));

        PlayOracle oracle = new PlayOracle(events.list(), PARTITIONS, ClusterRuns.stream(kafka.broker(), plays));
        assertThat(reasons(), is(expectedReasons(oracle)));
        assertThat(kafkaResults(longPlays), is(values(oracle.delivered("long-plays"), PlayOracle::longPlay)));
        assertThat(indexed(), is(parsed(values(oracle.delivered("everything"), PlayOracle::document))));
        assertThat(
                archived(),
                is(sorted(values(oracle.delivered("archive"), PlayOracle::document)
                        .values())));
    }

    /**
     * Waits until every job has work and a checkpoint to go back to, and kills a TaskManager while it works; and in turn the broker and
     * the node as well.
     */
    private void killAfter(int part, List<Job> jobs) {
        jobs.forEach(job -> flink.rest().awaitMoreCheckpoints(job.id(), 1));
        int restores = restores(jobs);
        long before = kafka.broker().end(longPlays);
        produce(part);
        eventually("records of part " + part, () -> kafka.broker().end(longPlays), greaterThan(before));
        if (part % 2 == 0) {
            kafka.broker().kill();
            kafka.broker().start();
        } else {
            elasticsearch.node().kill();
            elasticsearch.node().start();
        }
        flink.cluster().killTaskManager();
        flink.cluster().startTaskManager();
        eventually("restores", () -> restores(jobs), greaterThanOrEqualTo(restores + 1));
        jobs.forEach(job -> flink.rest().awaitTasksRunning(job.id()));
    }

    private int restores(List<Job> jobs) {
        return jobs.stream().mapToInt(job -> flink.rest().restores(job.id())).sum();
    }

    private void produce(int part) {
        kafka.broker()
                .produce(events.stream(part * PART, (part + 1) * PART)
                        .map(event -> event.recordFor(plays, event.position() % PARTITIONS)));
    }

    private void submit() throws IOException {
        CommandLineRun submitted = CommandLineRun.of(
                "router",
                "--spec=" + spec(),
                "--runner=flink",
                "--flinkMaster=" + flink.cluster().master(),
                "--parallelism=2",
                "--checkpointingInterval=1000");
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    private List<Job> jobs() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(pipeline + "--"))
                .toList();
    }

    private Path spec() throws IOException {
        String text = """
                name: ${pipeline}
                source:
                  kafka: {bootstrapServers: "${servers}", topics: [${plays}], stop: "${stop}"}
                  eventTime: event.ts
                  idleAfter: never
                routes:
                  - name: long-plays
                    filter: event.duration_s > 60 && event.country in ["US", "CA"]
                    project: {profile_id: event.profile_id, minutes: event.duration_s / 60.0}
                    key: event.profile_id
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${longPlays}}}
                  - name: everything
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${index}, maxDocumentBytes: 10000}}
                  - name: archive
                    sink: {s3: {path: "s3://${bucket}/archive", window: PT1M, allowedLateness: PT3H, shards: 2}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: {kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}}}
                """.replace("${pipeline}", pipeline)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${longPlays}", longPlays)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${bucket}", bucket)
                .replace("${s3}", s3.server().endpoint())
                .replace("${deadLetters}", deadLetters)
                .replace("${stop}", STOP.toString());
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }

    /** The values of a topic by identity, repeats dropped as a consumer does: by a high-water mark an origin's partition. */
    private Map<String, String> kafkaResults(String topic) {
        Map<String, String> results = new TreeMap<>();
        Map<List<Integer>, Long> marks = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> read : kafka.broker().records(topic)) {
            String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
            Origin origin = ResultId.parse(id).origin();
            List<Integer> mark = List.of(read.partition(), origin.partition());
            if (origin.offset() > marks.getOrDefault(mark, -1L)) {
                marks.put(mark, origin.offset());
                results.put(id, new String(read.value(), UTF_8));
            }
        }
        return results;
    }

    private Map<String, JsonNode> indexed() {
        return elasticsearch.node().documents(index);
    }

    private static Map<String, JsonNode> parsed(Map<String, String> documents) throws IOException {
        Map<String, JsonNode> parsed = new TreeMap<>();
        for (Map.Entry<String, String> document : documents.entrySet()) {
            parsed.put(document.getKey(), JSON.readTree(document.getValue()));
        }
        return parsed;
    }

    private List<String> archived() {
        return sorted(s3.server().objects(bucket).entrySet().stream()
                .filter(object -> object.getKey().endsWith(".jsonl"))
                .flatMap(object -> new String(object.getValue(), UTF_8).lines())
                .toList());
    }

    private Map<String, String> reasons() throws IOException {
        Map<String, String> reasons = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> read : kafka.broker().records(deadLetters)) {
            JsonNode letter = JSON.readTree(read.value());
            reasons.put(letter.get("id").textValue(), letter.get("reason").textValue());
        }
        return reasons;
    }

    private static Map<String, String> expectedReasons(PlayOracle oracle) {
        return Stream.of("long-plays", "everything", "archive")
                .flatMap(route -> oracle.deadLetters(route).entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
    }

    private static Map<String, String> values(Map<String, PlayEvent> events, Function<PlayEvent, String> value) {
        Map<String, String> values = new TreeMap<>();
        events.forEach((id, event) -> values.put(id, value.apply(event)));
        return values;
    }

    private static List<String> sorted(Collection<String> values) {
        return values.stream().sorted().toList();
    }
}
