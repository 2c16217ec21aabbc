package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A value that is too large for its route's sink and for its dead letter is read again where it was read first. */
public class OmittedValuesTest {
    private static final String PLAY = "{\"profile\":\"p1\",\"title\":\"" + "t".repeat(6000) + "\"}";
    private static final String SMALL = "properties: {max.request.size: \"5000\"}";
    private static final String LARGE = "properties: {}";

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String plays;
    private String delivered;
    private String deadLetters;

    @Before
    public void makeTopics() {
        plays = kafka.topic("plays");
        delivered = kafka.topic("delivered");
        deadLetters = kafka.topic("dead-letters");
    }

    @Test
    public void anEventOfKafkaIsReplayedWithTheKeyAndHeadersThatItHadThere() throws IOException {
        ProducerRecord<byte[], byte[]> play = new ProducerRecord<>(plays, 0, utf8("k1"), utf8(PLAY));
        play.headers().add("trace", utf8("t1"));
        kafka.broker().produce(play);

        routeAndReplay(
                "kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topics: [" + plays + "], stop: end}");

        assertThat(delivered(), contains("k1 [trace: t1] " + PLAY));
    }

    @Test
    public void anEventOfAFileIsReplayedWithoutTheKeyThatTheRouteGaveIt() throws IOException {
        Files.writeString(path("plays.jsonl"), "{\"profile\":\"p0\"}\n" + PLAY + "\n");

        routeAndReplay("files: {path: \"" + path("plays.jsonl") + "\"}");

        assertThat(delivered(), contains("p0 [] {\"profile\":\"p0\"}", "null [] " + PLAY));
    }

    /** Routes plays by a key into a topic that takes small ones alone, and replays the others into one that takes them, without the key. */
    private void routeAndReplay(String source) throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(source, "key: event.profile", SMALL));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        Path stored = Files.write(path("dead-letters.jsonl"), List.of(deadLetter()));
        assertThat(Files.readString(stored), containsString("\"valueOmitted\":true"));

        CommandLineRun replay = CommandLineRun.of(
                "replay", "--spec=" + spec(source, "onError: deadLetter", LARGE), "--deadLetters=" + stored);
        assertThat(replay.err(), replay.status(), is(Commands.DONE));
    }

    private Path spec(String source, String setting, String properties) throws IOException {
        String text = """
                name: plays
                source: {${source}}
                routes:
                  - name: long-plays
                    ${setting}
                    sink: {kafka: {bootstrapServers: "${kafka}", topic: ${delivered}, ${properties}}}
                deadLetters: {kafka: {bootstrapServers: "${kafka}", topic: ${deadLetters}, ${small}}}
                """.replace("${source}", source)
                .replace("${setting}", setting)
                .replace("${kafka}", kafka.bootstrapServers())
                .replace("${delivered}", delivered)
                .replace("${properties}", properties)
                .replace("${deadLetters}", deadLetters)
                .replace("${small}", SMALL);
        return Files.writeString(path("spec.yaml"), text);
    }

    private String deadLetter() {
        List<ConsumerRecord<byte[], byte[]>> records = kafka.broker().records(deadLetters);
        assertThat(records.size(), is(1));
        return text(records.get(0).value());
    }

    /** What was delivered: key, headers of the event's own, and value. */
    private List<String> delivered() {
        return kafka.broker().records(delivered).stream()
                .map(read -> text(read.key()) + " " + ownHeaders(read) + " " + text(read.value()))
                .toList();
    }

    private static List<String> ownHeaders(ConsumerRecord<byte[], byte[]> read) {
        return StreamSupport.stream(read.headers().spliterator(), false)
                .filter(header -> !header.key().startsWith("millrace-"))
                .map(OmittedValuesTest::text)
                .toList();
    }

    private static String text(Header header) {
        return header.key() + ": " + text(header.value());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
