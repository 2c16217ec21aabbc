package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes whose events are looked up in a changelog, as of their times. */
public class ChangelogRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> RUNNERS = List.of("direct", "flink-local");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String plays;
    private String profiles;
    private Path out;

    @Before
    public void produceEventsAndChanges() {
        plays = kafka.topic("plays");
        profiles = kafka.topic("profiles", 2);
        out = path("out");
        change("12:00", "p-1", "{\"plan\":\"basic\"}");
        change("12:00", "p-2", "{\"plan\":\"basic\"}");
        change("12:02", "p-1", "{\"plan\":\"family\"}");
        change("12:03", "p-2", null);
        play("12:01", 1, "p-1");
        play("12:02", 2, "p-1");
        play("12:02", 3, "p-2");
        play("12:04", 4, "p-2");
        play("12:30", 5, "p-1"); // ahead of all that the changelog says
        play("12:01", 6, "p-9");
    }

    private void change(String time, String key, String value) {
        kafka.broker()
                .produce(List.of(new ProducerRecord<>(
                        profiles, key.equals("p-2") ? 1 : 0, millis(time), key.getBytes(UTF_8), bytes(value))));
    }

    private void play(String time, int id, String profile) {
        String play = "{\"id\":" + id + ",\"profile\":\"" + profile + "\"}";
        kafka.broker().produce(List.of(new ProducerRecord<>(plays, 0, millis(time), null, bytes(play))));
    }

    private static long millis(String time) {
        return Instant.parse("2026-01-31T" + time + ":00Z").toEpochMilli();
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    /** A route with a lookup into a field {@code profile}, in place of the key. */
    private String route(String name, String settings, String enrich, String sink) {
        return "  - name: " + name + "\n"
                + settings
                + "    enrich:\n"
                + "      - into: account\n"
                + "        key: event.profile\n"
                + "        changelog:\n"
                + "          kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: " + profiles + "}\n"
                + enrich
                + "    sink: " + sink + "\n";
    }

    private String files(String name) {
        return "{files: {path: " + out.resolve(name) + "}}";
    }

    private String spec(String top, String... routes) {
        return "name: plays\n" + top + "source:\n  kafka: {bootstrapServers: \"" + kafka.bootstrapServers()
                + "\", topics: [" + plays + "], stop: end}\n  maxOutOfOrderness: PT1H\nroutes:\n"
                + String.join("", routes) + "deadLetters: {files: {path: " + out.resolve("dead") + "}}\n";
    }

    private CommandLineRun run(String runner, String spec, String... options) throws IOException {
        Files.writeString(path("plays.yaml"), spec);
        List<String> command = new ArrayList<>(List.of("router", "--spec=" + path("plays.yaml"), "--runner=" + runner));
        command.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(command.toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    @Test
    public void anEventGetsTheValueThatItsKeyHadAtItsTime() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            CommandLineRun run = run(
                    runner,
                    spec(
                            "",
                            route(
                                    "plays",
                                    "    project: {id: event.id, plan: event.account.plan}\n",
                                    "        onMiss: deadLetter\n",
                                    files("plays"))));

            assertThat(
                    lines(out.resolve("plays")),
                    containsInAnyOrder(
                            "{\"id\":1,\"plan\":\"basic\"}",
                            "{\"id\":2,\"plan\":\"family\"}",
                            "{\"id\":3,\"plan\":\"basic\"}",
                            "{\"id\":5,\"plan\":\"family\"}"));
            assertThat(
                    run.outLines().get(1), is("plays             6             4             0             2  done"));
            assertThat(run.outLines().get(2), is("plays: account: nothing was found for 2 of 6 events"));
            assertThat(
                    messages(),
                    containsInAnyOrder(
                            "lookupMissed key 'p-2': there is nothing of this key",
                            "lookupMissed key 'p-9': there is nothing of this key"));
        }
    }

    @Test
    public void stateMayBeOnDisk() throws IOException {
        String route = route(
                "plays",
                "    filter: event.id < 6\n    project: {id: event.id, plan: event.account.plan}\n",
                "        onMiss: drop\n",
                files("plays"));
        run(
                "flink-local",
                spec("", route),
                "--stateBackend=rocksdb",
                "--stateBackendStoragePath=" + path("state").toUri());

        assertThat(
                lines(out.resolve("plays")),
                containsInAnyOrder(
                        "{\"id\":1,\"plan\":\"basic\"}",
                        "{\"id\":2,\"plan\":\"family\"}",
                        "{\"id\":3,\"plan\":\"basic\"}",
                        "{\"id\":5,\"plan\":\"family\"}"));
    }

    private List<String> messages() throws IOException {
        return lines(out.resolve("dead")).stream()
                .map(line -> {
                    JsonNode letter = letter(line);
                    return letter.path("reason").asText() + " "
                            + letter.path("message").asText();
                })
                .collect(Collectors.toList());
    }

    private static JsonNode letter(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void routesOfASharedJobHaveChangelogsOfTheirOwnAndAFilterCanUseThem() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            run(
                    runner,
                    spec(
                            "isolation: shared\n",
                            route(
                                    "families",
                                    "    filter: has(event.account) && event.account.plan == \"family\"\n"
                                            + "    project: {id: event.id}\n",
                                    "        beforeFilter: true\n",
                                    files("families")),
                            route(
                                    "early",
                                    "    filter: event.id < 4\n    project: {id: event.id, plan: event.account.plan}\n",
                                    "        onMiss: default\n        missing: '{\"plan\": \"none\"}'\n",
                                    files("early"))));

            assertThat(lines(out.resolve("families")), containsInAnyOrder("{\"id\":2}", "{\"id\":5}"));
            assertThat(
                    lines(out.resolve("early")),
                    containsInAnyOrder(
                            "{\"id\":1,\"plan\":\"basic\"}",
                            "{\"id\":2,\"plan\":\"family\"}",
                            "{\"id\":3,\"plan\":\"basic\"}"));
        }
    }

    @Test
    public void aRecordThatIsNoDocumentIsADeadLetterOfTheChangelogAndNoEventOfTheRoute() throws IOException {
        change("12:03", "p-1", "{\"plan\":");
        change("12:03", "p-1", " null\n");
        byte[] noText = {'p', '-', '1', (byte) 0xff};
        kafka.broker().produce(List.of(new ProducerRecord<>(profiles, 0, millis("12:03"), noText, bytes("{}"))));
        kafka.broker().produce(List.of(new ProducerRecord<>(profiles, 0, millis("12:03"), null, bytes("{}"))));
        String spec =
                spec("", route("plays", "    project: {id: event.id}\n", "        onMiss: drop\n", files("plays")));
        long ahead = Instant.parse("2226-01-31T12:00:00Z").toEpochMilli();
        kafka.broker().produce(List.of(new ProducerRecord<>(profiles, 0, ahead, bytes("p-1"), bytes("{}"))));
        CommandLineRun run = run("direct", spec);

        assertThat(lines(out.resolve("plays")), containsInAnyOrder("{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
        assertThat(run.outLines().get(1), is("plays             6             3             3             0  done"));
        assertThat(
                messages(),
                containsInAnyOrder(
                        "eventTimeTooFarAhead changelog of 'account': the record's own time, 2226-01-31T12:00:00Z, is too far ahead of"
                                + " the clock",
                        "lookupKeyFailed changelog of 'account': the record's key is not UTF-8",
                        "notJson changelog of 'account': the document ends too early at byte 8",
                        "lookupKeyFailed changelog of 'account': the record has no key"));
        JsonNode letter = letter(lines(out.resolve("dead")).stream()
                .filter(line -> line.contains("notJson"))
                .findFirst()
                .orElseThrow());
        assertThat(letter.path("step").asText(), is("changelog"));
        assertThat(letter.path("route").asText(), is("plays"));
        assertThat(letter.path("valueText").asText(), is("{\"plan\":"));
        assertThat(letter.path("origin").path("stream").asText().endsWith("/" + profiles), is(true));

        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + path("plays.yaml"), "--deadLetters=" + out.resolve("dead"));
        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(lines(out.resolve("plays")), containsInAnyOrder("{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
    }

    @Test
    public void aReplayLooksUpAsOfTheTimeThatTheEventHad() throws IOException {
        String route = route("plays", "    project: {id: event.id, plan: event.account.plan}\n", "", files("plays"));
        run("direct", spec("", route.replace("event.account.plan", "event.account.plan + event.profile.no")));
        assertThat(lines(out.resolve("dead")).size(), is(6));
        change("12:40", "p-1", "{\"plan\":\"none\"}");
        Files.writeString(path("plays.yaml"), spec("", route));

        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + path("plays.yaml"), "--deadLetters=" + out.resolve("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(
                lines(out.resolve("plays")),
                containsInAnyOrder(
                        "{\"id\":1,\"plan\":\"basic\"}",
                        "{\"id\":2,\"plan\":\"family\"}",
                        "{\"id\":3,\"plan\":\"basic\"}",
                        "{\"id\":5,\"plan\":\"family\"}"));
    }

    @Test
    public void recordsSayThatTheyAreInNoOrder() throws IOException {
        String ordered = kafka.topic("ordered");
        String unordered = kafka.topic("unordered");
        String sink = "{kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: ";
        run(
                "direct",
                spec(
                        "",
                        route("unordered", "    filter: event.id == 1\n", "", sink + unordered + "}}"),
                        "  - name: ordered\n    filter: event.id == 1\n    sink: " + sink + ordered + "}}\n"));

        ConsumerRecord<byte[], byte[]> looked =
                kafka.broker().records(unordered).get(0);
        assertThat(
                new String(looked.value(), UTF_8),
                is("{\"id\":1,\"profile\":\"p-1\",\"account\":{\"plan\":\"basic\"}}"));
        assertThat(header(looked, "millrace-unordered"), is("true"));
        assertThat(header(looked, "millrace-age-account"), is("60000"));
        assertThat(kafka.broker().records(ordered).get(0).headers().lastHeader("millrace-unordered") == null, is(true));
    }

    private static String header(ConsumerRecord<byte[], byte[]> read, String name) {
        Header header = requireNonNull(read.headers().lastHeader(name), name);
        return new String(header.value(), UTF_8);
    }

    @Test
    public void stepsAreNamedByTheRouteAndTheField() throws Exception {
        RouterSpec spec = SpecReader.read(spec("", route("all", "", "", "console")), SpecReader.Target.LOCAL);
        RouterJob job = RouterJob.anew(spec, spec.routes(), "lineage");

        assertThat(
                job.steps().stateful(),
                hasItems(
                        "plays/enrich-all-account/Changelog/ReadRecords/KafkaIO.Read.ReadFromKafkaViaUnbounded/Read(KafkaUnboundedSource)",
                        "plays/enrich-all-account/Enrich/LookUp/ParMultiDo(AsOf)"));
    }
}
