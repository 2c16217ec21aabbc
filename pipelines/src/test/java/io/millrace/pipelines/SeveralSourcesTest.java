package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A topic and files routed together: what a route reads of several sources comes to its sink as of one. */
public class SeveralSourcesTest {
    private static final String PLAYED = "event.minutes > 60";
    private static final String REPAIRED = "!has(event.minutes) || event.minutes > 60";

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String plays;
    private String both;
    private String live;

    @Before
    public void writeEvents() throws IOException {
        plays = kafka.topic("plays");
        both = kafka.topic("both");
        live = kafka.topic("live");
        kafka.broker()
                .produce(
                        play("{\"id\":1,\"minutes\":90,\"ts\":\"2026-01-31T12:00:00Z\"}"),
                        play("{\"id\":2,\"ts\":\"2026-01-31T12:01:00Z\"}"));
        Files.writeString(path("old.jsonl"), """
                {"id":3,"minutes":90,"at":"2025-01-31T12:00:00Z"}
                {"id":4,"at":"2025-01-31T12:01:00Z"}
                {"id":5,"minutes":90}
                """);
    }

    @Test
    public void aRouteReadsTheSourcesThatItNames() throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(PLAYED));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(run.outLines().get(1), matchesPattern("both +5 +2 +0 +3 +done"));
        assertThat(run.outLines().get(2), matchesPattern("live +2 +2 +0 +0 +done"));
        assertThat(
                written(both),
                containsInAnyOrder(
                        "2026-01-31T12:00:00Z {\"id\":1,\"minutes\":90,\"ts\":\"2026-01-31T12:00:00Z\"}",
                        "2025-01-31T12:00:00Z {\"id\":3,\"minutes\":90,\"at\":\"2025-01-31T12:00:00Z\"}"));
    }

    @Test
    public void anAuditReadsAllOfThem() throws IOException {
        CommandLineRun.of("router", "--spec=" + spec(PLAYED));

        Audited audited = Audited.of(spec(PLAYED), "direct");

        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("both"), is(Map.of("expected", 5L, "held", 2L, "deadLettered", 3L)));
        assertThat(audited.route("live"), is(Map.of("expected", 2L, "held", 2L)));
    }

    @Test
    public void aReplayGivesEachEventTheTimeOfItsSource() throws IOException {
        CommandLineRun.of("router", "--spec=" + spec(PLAYED));

        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + spec(REPAIRED), "--deadLetters=" + path("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(
                written(both).subList(2, 4),
                containsInAnyOrder(
                        "2026-01-31T12:01:00Z {\"id\":2,\"ts\":\"2026-01-31T12:01:00Z\"}",
                        "2025-01-31T12:01:00Z {\"id\":4,\"at\":\"2025-01-31T12:01:00Z\"}"));
    }

    private Path spec(String filter) throws IOException {
        String text = """
                name: plays
                isolation: shared
                sources:
                  live: {kafka: {bootstrapServers: "${kafka}", topics: [${plays}], stop: end}, eventTime: event.ts}
                  old: {files: {path: ${folder}/old.jsonl}, eventTime: event.at}
                routes:
                  - {name: both, filter: "${filter}", sink: {kafka: {bootstrapServers: "${kafka}", topic: ${both}}}}
                  - {name: live, from: [live], sink: {kafka: {bootstrapServers: "${kafka}", topic: ${live}}}}
                deadLetters: {files: {path: ${folder}/dead}}
                """.replace("${filter}", filter)
                .replace("${kafka}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${both}", both)
                .replace("${live}", live)
                .replace("${folder}", folder.getRoot().toString());
        return Files.writeString(path("spec.yaml"), text);
    }

    private ProducerRecord<byte[], byte[]> play(String json) {
        return new ProducerRecord<>(plays, 0, null, json.getBytes(UTF_8));
    }

    /** The times and values of a topic's records. */
    private List<String> written(String topic) {
        return kafka.broker().records(topic).stream()
                .map(read -> Instant.ofEpochMilli(read.timestamp()) + " " + new String(read.value(), UTF_8))
                .toList();
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
