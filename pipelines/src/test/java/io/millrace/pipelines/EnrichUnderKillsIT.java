package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.Histories;
import io.millrace.testfixtures.history.HistoryRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A route with a lookup on a Flink cluster, whose TaskManager is killed while lookups are open, first of a service that is slow, then of
 * one that hangs: each event is there with its own history, by its origin.
 */
public class EnrichUnderKillsIT {
    private static final int PARTITIONS = 8;
    private static final int TASKS = 8; // all slots, so that whichever process is killed has some of them
    private static final int IN_FLIGHT = 16;
    private static final int PART = 6_000;
    private static final Instant STOP = Instant.parse("2040-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final HistoryRule history = new HistoryRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(42).count(2 * PART).every(Duration.ofMillis(10));

    @Test
    public void eachEventIsEnrichedOnceByItsOrigin() throws IOException {
        String plays = kafka.topic("plays", PARTITIONS);
        String enriched = kafka.topic("enriched", PARTITIONS);
        history.service().behave(Behaviour.answer().after(Duration.ofSeconds(1)));
        produce(plays, 0);
        Job job = submit(plays, enriched);

        flink.rest().awaitMoreCheckpoints(job.id(), 1);
        eventually("results", () -> kafka.broker().end(enriched), greaterThan(0L));
        killWhileLookupsAreOpen(job, TASKS * IN_FLIGHT / 2);
        history.service().behave(Behaviour.hang());
        produce(plays, PART);
        killWhileLookupsAreOpen(job, 1); // a service that hangs is soon not asked for more
        history.service().behave(Behaviour.answer());
        history.service().releaseHanging();
        ClusterRuns.produceStop(kafka.broker(), plays, PARTITIONS, STOP);
        flink.rest().awaitStatus(job.id(), "FINISHED");

        assertThat(ClusterRuns.byIdentity(kafka.broker(), enriched), is(expected(plays)));
    }

    private void killWhileLookupsAreOpen(Job job, long least) {
        int restores = flink.rest().restores(job.id());
        eventually("lookups", () -> history.service().counters().inFlight(), greaterThanOrEqualTo(least));
        flink.cluster().killTaskManager();
        flink.cluster().startTaskManager();
        eventually("restores", () -> flink.rest().restores(job.id()), greaterThan(restores));
    }

    private void produce(String topic, int from) {
        kafka.broker()
                .produce(events.stream(from, from + PART)
                        .map(event -> event.recordFor(topic, event.position() % PARTITIONS)));
    }

    private Job submit(String plays, String enriched) throws IOException {
        String pipeline = flink.name("enrich");
        Path spec = Files.writeString(folder.newFile("spec.yaml").toPath(), """
                name: %s
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s], stop: "%s"}
                routes:
                  - name: plays
                    enrich:
                      - into: history
                        key: event.profile_id
                        http: {url: "%s/history/{key}"}
                        maxInFlight: %d
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters: {kafka: {bootstrapServers: "%s", topic: %s}}
                """.formatted(
                        pipeline,
                        kafka.bootstrapServers(),
                        plays,
                        STOP,
                        history.service().url(),
                        IN_FLIGHT,
                        kafka.bootstrapServers(),
                        enriched,
                        kafka.bootstrapServers(),
                        kafka.topic("dead-letters", 1)));
        CommandLineRun submitted = CommandLineRun.of(
                "router",
                "--spec=" + spec,
                "--runner=flink",
                "--flinkMaster=" + flink.cluster().master(),
                "--parallelism=" + TASKS,
                "--checkpointingInterval=1000");
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(pipeline + "--"))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, JsonNode> expected(String plays) throws IOException {
        Map<String, JsonNode> expected = new TreeMap<>();
        long[] offsets = new long[PARTITIONS];
        String stream = ClusterRuns.stream(kafka.broker(), plays);
        for (PlayEvent event : events.list()) {
            int partition = event.position() % PARTITIONS;
            ObjectNode document = (ObjectNode) JSON.readTree(event.value());
            document.set(
                    "history",
                    JSON.readTree(Histories.of(event.play().profileId()).orElseThrow()));
            ResultId id = ResultId.of(new Origin(stream, partition, offsets[partition]++));
            expected.put(id.madeBy("plays").toString(), document);
        }
        return expected;
    }
}
