package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Maps;
import io.millrace.testfixtures.events.Titles;
import io.millrace.testfixtures.history.Histories;
import io.millrace.testfixtures.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The sandbox's own specs bring its play events into each of its stores. */
public class SandboxIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void itsSpecsBringItsEventsIntoAllOfItsStores() {
        Path spec = folder.getRoot().toPath().resolve("play-events.yaml");
        Path enriching = folder.getRoot().toPath().resolve("enriched-plays.yaml");
        Path joining = folder.getRoot().toPath().resolve("conversions.yaml");
        Path looking = folder.getRoot().toPath().resolve("look.yaml");
        try (Sandbox sandbox = Sandbox.start()) {
            ByteArrayOutputStream welcome = new ByteArrayOutputStream();
            sandbox.welcome(
                    new PrintStream(welcome, true, UTF_8), folder.getRoot().toPath());
            String flinkMaster = "--flinkMaster=" + sandbox.flink().master();
            assertThat(
                    welcome.toString(UTF_8),
                    allOf(
                            containsString("router --spec=" + spec + " --runner=flink " + flinkMaster),
                            containsString("router --spec=" + looking),
                            containsString("enrich --spec=" + enriching + " --runner=flink " + flinkMaster),
                            containsString("join --spec=" + joining + " --runner=flink " + flinkMaster)));

            submit("router", spec, flinkMaster);
            submit("enrich", enriching, flinkMaster);
            submit("join", joining, flinkMaster);

            eventually(
                    "documents",
                    () -> sandbox.elasticsearch().documents("long-plays").size(),
                    greaterThan(500));
            eventually("records", () -> sandbox.kafka().end("devices"), greaterThan(15_000L));
            eventually("objects", () -> sandbox.s3().objects("lake").size(), greaterThan(20));
            eventually("enriched", () -> sandbox.kafka().end("enriched_plays"), greaterThan(15_000L));
            sandbox.kafka().records("enriched_plays").forEach(SandboxIT::checkEnriched);

            eventually("joined", () -> impressionsOfPlays(sandbox), is(impressionsOfPlays()));

            CommandLineRun looked = CommandLineRun.of("router", "--spec=" + looking);
            assertThat(looked.err(), looked.status(), is(Commands.DONE));
            assertThat(looked.outLines().get(1), matchesPattern("records +\\d{5} +[1-9]\\d? +\\d{5} +0 +done"));
        }
    }

    private static Map<String, Integer> impressionsOfPlays(Sandbox sandbox) {
        return sandbox.elasticsearch().documents("led-plays").values().stream()
                .collect(Collectors.toMap(
                        play -> play.path("play").asText(),
                        play -> play.path("impressions").asInt()));
    }

    private static Map<String, Integer> impressionsOfPlays() {
        return Maps.transformValues(Sandbox.STORY.truthOfFirstPlays(), List::size);
    }

    private static void submit(String command, Path spec, String flinkMaster) {
        CommandLineRun submitted = CommandLineRun.of(command, "--spec=" + spec, "--runner=flink", flinkMaster);
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
    }

    private static void checkEnriched(ConsumerRecord<byte[], byte[]> record) {
        JsonNode play = read(record.value());
        String profile = play.path("profile_id").asText();
        assertThat(play.path("history"), is(read(Histories.of(profile).orElseThrow())));
        Optional<JsonNode> title = Titles.rowOf(play.path("title_id").asText()).map(row -> read(row.getBytes(UTF_8)));
        assertThat(Optional.ofNullable(play.get("title")), is(title));
    }

    private static JsonNode read(byte[] document) {
        try {
            return JSON.readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
