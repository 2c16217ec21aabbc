package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Routes that share a job on a Flink cluster: while a sink is away, its route's events wait in their topic and the other routes do not
 * notice; they come in their order when it is back, whatever dies meanwhile.
 */
public class SharedRouterIT {
    private static final int PARTITIONS = 4;
    private static final int PART = 2_000;
    private static final int FEW = 2 * PARTITIONS;
    private static final Duration LONG = Duration.ofMinutes(15);
    private static final int MAX_DOCUMENT_BYTES = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final KafkaBroker REMOTE = KafkaBroker.create();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(42).count(20 * PART).oversized(0.005, 2 * MAX_DOCUMENT_BYTES);

    private String pipeline;
    private String plays;
    private String copies;
    private String remote;
    private String index;
    private String parked;
    private String deadLetters;
    private int produced;

    @BeforeClass
    public static void startRemote() {
        REMOTE.start();
    }

    @AfterClass
    public static void stopRemote() {
        REMOTE.close();
    }

    @After
    public void resumeRemote() {
        REMOTE.process().resume();
    }

    @Before
    public void submit() throws IOException {
        pipeline = flink.name("shared");
        plays = kafka.topic("plays", PARTITIONS);
        copies = kafka.topic("copies");
        remote = kafka.name("remote");
        REMOTE.createTopic(remote, 1);
        index = elasticsearch.name("plays");
        parked = kafka.name("parked");
        deadLetters = kafka.topic("dead-letters");
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec(), "--parallelism=2");
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    @Test
    public void aRouteWhoseSinkIsAwayIsParkedAndTheOthersDoNotNotice() throws IOException {
        produce();
        awaitCopies();
        awaitDocuments();
        awaitRemote();

        REMOTE.process().pause();
        produce();
        awaitCopies();
        awaitDocuments();
        awaitParked("remote");
        elasticsearch.node().process().pause();
        produce();
        awaitCopies();
        awaitParked("documents");

        elasticsearch.node().process().resume();
        awaitDocuments();
        REMOTE.process().resume();
        awaitRemote();

        awaitNoLongerParked("remote");
        awaitNoLongerParked("documents");
        assertThat(kafka.broker().records(deadLetters), hasSize(deadLettered().size()));
        assertThat(flink.rest().restores(job().id()), is(0));
    }

    @Test
    public void losesNothingWhenTaskManagersDieWhileARouteIsParkedAndWhileItRejoins() {
        produce();
        awaitRemote();
        long before = REMOTE.end(remote);

        REMOTE.process().pause();
        elasticsearch.node().process().pause();
        produce();
        awaitParked("remote");
        awaitParked("documents");
        killTaskManagers();
        produce();
        awaitCopies();
        elasticsearch.node().process().resume();
        REMOTE.process().resume();
        eventually("results in remote", () -> REMOTE.end(remote), greaterThan(before));
        produce();
        killTaskManagers();
        awaitRemote();
        awaitCopies();
        awaitDocuments();

        awaitNoLongerParked("remote");
        awaitNoLongerParked("documents");
    }

    /** Kills them all, so that the job's is among them, wherever it runs. */
    private void killTaskManagers() {
        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        ClusterRuns.killTaskManagers(flink, job().id());
    }

    private Job job() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(pipeline))
                .findFirst()
                .orElseThrow();
    }

    private void produce() {
        produce(PART);
    }

    private void produce(int count) {
        kafka.broker()
                .produce(events.stream(produced, produced + count)
                        .map(event -> event.recordFor(plays, event.position() % PARTITIONS)));
        produced += count;
    }

    private void awaitCopies() {
        eventually("copies", () -> results(kafka.broker(), copies), is(expected()));
    }

    private void awaitRemote() {
        eventually("remote copies", () -> results(REMOTE, remote), is(expected()));
    }

    private void awaitDocuments() {
        Set<String> large = new TreeSet<>();
        events.stream(0, produced)
                .filter(event -> event.value().length > MAX_DOCUMENT_BYTES)
                .forEach(event -> large.add(event.position() % PARTITIONS + ":" + event.position() / PARTITIONS));
        eventually("documents", () -> elasticsearch.node().documents(index), is(aMapWithSize(produced - large.size())));
        eventually("dead letters", this::deadLettered, is(large));
    }

    /** The partitions and offsets of events that were given up, all by one route. */
    private Set<String> deadLettered() throws IOException {
        Set<String> origins = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> read : kafka.broker().records(deadLetters)) {
            JsonNode letter = JSON.readTree(read.value());
            assertThat(letter.get("route").textValue(), is("documents"));
            JsonNode origin = letter.get("origin");
            origins.add(
                    origin.get("partition").asInt() + ":" + origin.get("offset").asLong());
        }
        return origins;
    }

    private void awaitParked(String route) {
        waitUntil("events of " + route + " to wait", () -> kafka.broker().end(parked + "-" + route) > 0);
    }

    /**
     * An event that comes now no longer goes by the topic. There are few at a time, since a sink that cannot take many within a second on a slow machine is parked
     * again; and after some tries in vain it is a minute to the next.
     */
    private void awaitNoLongerParked(String route) {
        Eventually.within(LONG)
                .see(
                        "what goes by the topic of " + route,
                        () -> {
                            long before = kafka.broker().end(parked + "-" + route);
                            produce(FEW);
                            awaitRemote();
                            awaitDocuments();
                            return kafka.broker().end(parked + "-" + route) - before;
                        },
                        is(0L));
    }

    /** The positions of the events by their partition, in the order in which a consumer sees them that drops repeats. */
    private Map<Integer, List<Long>> results(KafkaBroker broker, String topic) {
        Map<Integer, List<Long>> results = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> read : broker.records(topic)) {
            String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
            Origin origin = ResultId.parse(id).origin();
            List<Long> seen = results.computeIfAbsent(origin.partition(), none -> new ArrayList<>());
            if (seen.isEmpty() || seen.get(seen.size() - 1) < origin.offset()) {
                seen.add(origin.offset());
            }
        }
        return results;
    }

    private Map<Integer, List<Long>> expected() {
        Map<Integer, List<Long>> expected = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            expected.put(
                    partition,
                    IntStream.range(0, produced / PARTITIONS)
                            .asLongStream()
                            .boxed()
                            .toList());
        }
        return expected;
    }

    private Path spec() throws IOException {
        String text = """
                name: ${pipeline}
                isolation: shared
                source: {kafka: {bootstrapServers: "${servers}", topics: [${plays}]}}
                parking: {kafka: {bootstrapServers: "${servers}", topicPrefix: ${parked}}}
                routes:
                  - name: copies
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${copies}}}
                  - name: documents
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${index}, maxDocumentBytes: ${max}}}
                  - name: remote
                    sink: {kafka: {bootstrapServers: "${remoteServers}", topic: ${remote}}}
                deadLetters: {kafka: {bootstrapServers: "${servers}", topic: ${deadLetters}}}
                """.replace("${pipeline}", pipeline)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${parked}", parked)
                .replace("${copies}", copies)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${max}", Integer.toString(MAX_DOCUMENT_BYTES))
                .replace("${remoteServers}", REMOTE.bootstrapServers())
                .replace("${remote}", remote)
                .replace("${deadLetters}", deadLetters);
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }
}
