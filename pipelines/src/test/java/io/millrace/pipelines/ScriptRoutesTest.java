package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes with scripts: what these make of what filter and projection leave them, what is counted, and what becomes of failures. */
public class ScriptRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> PLAYS = List.of(
            "{\"id\":1,\"minutes\":90,\"devices\":[\"tv\",\"phone\",\"car\"]}",
            "{\"id\":2,\"minutes\":10,\"devices\":[\"tv\"]}",
            "{\"id\":3,\"minutes\":70,\"devices\":[]}",
            "{\"id\":4,\"minutes\":80}");

    private static final String DEVICES = "function flatMap(event) {\n"
            + "  return event.devices.map(function (name) { return {play: event.id, device: name} })\n"
            + "}\n";

    private static final String LENIENT =
            DEVICES.replace("event.devices.map", "(event.devices || [\"none\", \"any\"]).map");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path out;

    @Before
    public void writeEventsAndScript() throws IOException {
        Files.write(path("plays.jsonl"), PLAYS);
        Files.writeString(path("devices.js"), DEVICES);
        out = path("out");
    }

    @Test
    public void runsAfterFilterAndProjectionAndIsCounted() throws IOException {
        Path summary = path("summary.json");
        for (String runner : List.of("direct", "flink-local")) {
            out = path(runner);

            CommandLineRun run = run("router", intoFiles(), "--runner=" + runner, "--summary=" + summary);

            assertThat(
                    lines(out.resolve("long")),
                    containsInAnyOrder("{\"hours\":1.5}", "{\"hours\":1.3333333333333333}"));
            assertThat(lines(out.resolve("kept")), containsInAnyOrder(PLAYS.get(0), PLAYS.get(3)));
            assertThat(
                    lines(out.resolve("devices")),
                    containsInAnyOrder(device(1, "tv"), device(1, "phone"), device(1, "car"), device(2, "tv")));
            assertThat(
                    run.outLines(),
                    contains(
                            "route              in         added     delivered      filtered  deadLettered  state",
                            "long                4             0             2             2             0  done",
                            "kept                4             0             2             2             0  done",
                            "devices             4             2             4             1             1  done"));
            assertThat(JSON.readTree(summary.toFile()).path("routes"), is(JSON.readTree("""
                            {"long": {"in": 4, "delivered": 2, "filtered": 2, "deadLettered": 0},
                             "kept": {"in": 4, "delivered": 2, "filtered": 2, "deadLettered": 0},
                             "devices": {"in": 4, "added": 2, "delivered": 4, "filtered": 1, "deadLettered": 1}}
                            """)));
        }
    }

    @Test
    public void aDeadLetterHasTheEventAsTheScriptGotIt() throws IOException {
        run("router", intoFiles());

        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));

        assertThat(letter.path("step").asText(), is("script"));
        assertThat(letter.path("reason").asText(), is("scriptFailed"));
        assertThat(letter.path("message").asText(), startsWith("line 2"));
        int offset = (String.join("\n", PLAYS.subList(0, 3)) + "\n").length();
        assertThat(letter.path("id").asText(), is("plays.jsonl:0:" + offset + ";devices/dead-letter;0"));
        assertThat(letter.path("valueText").asText(), is("{\"id\":4}"));
    }

    @Test
    public void aReplayGivesTheScriptWhatItGotAndNothingElseAgain() throws IOException {
        for (String runner : List.of("direct", "flink-local")) {
            out = path(runner);
            run("router", intoFiles(), "--runner=" + runner);
            Files.writeString(path("devices.js"), LENIENT);

            CommandLineRun replay =
                    run("replay", intoFiles(), "--deadLetters=" + out.resolve("dead"), "--runner=" + runner);

            assertThat(
                    replay.outLines().get(1),
                    is("devices             1             1             2             0             0  done"));
            assertThat(
                    lines(out.resolve("devices")),
                    containsInAnyOrder(
                            device(1, "tv"),
                            device(1, "phone"),
                            device(1, "car"),
                            device(2, "tv"),
                            device(4, "none"),
                            device(4, "any")));
            Files.writeString(path("devices.js"), DEVICES);
        }
    }

    @Test
    public void anAuditExpectsEachResultOfAScript() throws IOException {
        run("router", intoFiles());

        Audited audited = Audited.of(intoFiles(), "flink-local");

        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("long"), is(Map.of("expected", 2L, "held", 2L)));
        assertThat(audited.route("kept"), is(Map.of("expected", 2L, "held", 2L)));
        assertThat(audited.route("devices"), is(Map.of("expected", 5L, "held", 4L, "deadLettered", 1L)));
    }

    @Test
    public void anAuditMissesOneOfSeveralResults() throws IOException {
        run("router", intoFiles());
        Path object = object(out.resolve("devices"));
        Files.write(
                object,
                Files.readAllLines(object).stream()
                        .filter(line -> !line.equals(device(1, "car")))
                        .toList());

        Audited audited = Audited.of(intoFiles(), "direct", "--route=devices");

        assertThat(audited.route("devices"), is(Map.of("expected", 5L, "held", 3L, "deadLettered", 1L, "missing", 1L)));
        assertThat(audited.samples("devices", "missing"), contains("plays.jsonl:0:0;devices;2"));
    }

    @Test
    public void routesThatShareAJobHaveTheirScriptsResultsInOrderWithIdentitiesOfTheirOwn() throws IOException {
        for (String runner : List.of("direct", "flink-local")) {
            String plays = kafka.topic("plays");
            String devices = kafka.topic("devices");
            String all = kafka.topic("all");
            kafka.broker().produceTexts(plays, PLAYS.toArray(String[]::new));
            Path spec = intoKafka(plays, devices, all, 1 << 20);

            CommandLineRun run = run("router", spec, "--runner=" + runner);

            assertThat(ClusterRuns.values(kafka.broker(), all), is(PLAYS));
            assertThat(
                    results(devices),
                    contains(
                            "1 ;devices;0 " + device(1, "tv"),
                            "1 ;devices;1 " + device(1, "phone"),
                            "1 ;devices;2 " + device(1, "car"),
                            "2 ;devices;0 " + device(2, "tv")));
            assertThat(
                    run.outLines().subList(1, 3),
                    contains(
                            "devices             4             2             4             1             1  done",
                            "all                 4             0             4             0             0  done"));
        }
        Audited audited = Audited.of(path("spec.yaml"), "direct");
        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("devices"), is(Map.of("expected", 5L, "held", 4L, "deadLettered", 1L)));
    }

    @Test
    public void eachResultThatTheSinkRefusesIsADeadLetterOfItsOwnAndIsReplayedAlone() throws IOException {
        String plays = kafka.topic("plays");
        String devices = kafka.topic("devices");
        String large = "d".repeat(600);
        kafka.broker()
                .produceTexts(plays, "{\"id\":7,\"devices\":[\"tv\",\"" + large + "\",\"car\",\"" + large + "\"]}");

        run("router", intoKafka(plays, devices, kafka.topic("all"), 500));
        List<String> ids = new ArrayList<>();
        for (String letter : lines(out.resolve("dead"))) {
            ids.add(JSON.readTree(letter).path("id").asText().replaceFirst("^[^;]*", ""));
        }
        CommandLineRun replay = run(
                "replay",
                intoKafka(plays, devices, kafka.topic("all"), 1 << 20),
                "--deadLetters=" + out.resolve("dead"),
                "--route=devices");

        assertThat(ids, containsInAnyOrder(";devices/dead-letter;1", ";devices/dead-letter;3", ";all/dead-letter;0"));
        assertThat(
                replay.outLines().get(1), is("devices             2             2             0             0  done"));
        assertThat(
                results(devices),
                containsInAnyOrder(
                        "7 ;devices;0 " + device(7, "tv"),
                        "7 ;devices;2 " + device(7, "car"),
                        "7 ;devices;1 " + device(7, large),
                        "7 ;devices;3 " + device(7, large)));
    }

    @Test
    public void explainsWhatRuns() throws IOException {
        CommandLineRun run = run("router", intoFiles(), "explain");

        assertThat(
                run.outLines().stream().filter(line -> line.contains("script")).toList(),
                contains(
                        startsWith("  long: event.minutes > 60, javascript script "),
                        startsWith("  kept: every event, javascript script "),
                        startsWith("  devices: every event, javascript script 8")));
    }

    @Test
    public void saysWhereAScriptIsWrongBeforeAnythingStarts() throws IOException {
        Files.writeString(path("devices.js"), "function flatMap(event) {\n  return [\n}\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + intoFiles());

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines().get(0), startsWith("routes[2].script.file: " + path("devices.js") + " line 3, column "));
        assertThat(lines(out), is(empty()));
    }

    private CommandLineRun run(String command, Path spec, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        List.of(options).stream().filter(option -> !option.startsWith("--")).forEach(arguments::add);
        arguments.add("--spec=" + spec);
        List.of(options).stream().filter(option -> option.startsWith("--")).forEach(arguments::add);
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    private Path intoFiles() throws IOException {
        return spec("""
                name: plays
                source: {files: {path: FOLDER/plays.jsonl}}
                routes:
                  - name: long
                    filter: event.minutes > 60
                    project: {minutes: event.minutes}
                    script: {source: "function filter(e) { return e.minutes != 70 } function map(e) { return {hours: e.minutes / 60} }"}
                    sink: {files: {path: OUT/long}}
                  - name: kept
                    script: {source: "function filter(event) { return event.minutes >= 80 }", function: filter}
                    sink: {files: {path: OUT/kept}}
                  - name: devices
                    project: [id, devices]
                    script: {file: FOLDER/devices.js}
                    sink: {files: {path: OUT/devices}}
                deadLetters: {files: {path: OUT/dead}}
                """);
    }

    private Path intoKafka(String plays, String devices, String all, int maxBytes) throws IOException {
        return spec("""
                name: plays
                isolation: shared
                source: {kafka: {bootstrapServers: "KAFKA", topics: [PLAYS], stop: end}}
                routes:
                  - name: devices
                    project: [id, devices]
                    key: string(event.id)
                    script: {file: FOLDER/devices.js}
                    sink: {kafka: {bootstrapServers: "KAFKA", topic: DEVICES, properties: {max.request.size: "MAX"}}}
                  - name: all
                    sink: {kafka: {bootstrapServers: "KAFKA", topic: ALL, properties: {max.request.size: "MAX"}}}
                deadLetters: {files: {path: OUT/dead}}
                """.replace("KAFKA", kafka.bootstrapServers())
                .replace("PLAYS", plays)
                .replace("DEVICES", devices)
                .replace("ALL", all)
                .replace("MAX", String.valueOf(maxBytes)));
    }

    private Path spec(String text) throws IOException {
        return Files.writeString(
                path("spec.yaml"),
                text.replace("FOLDER", folder.getRoot().toString()).replace("OUT", out.toString()));
    }

    private static String device(int play, String name) {
        return "{\"play\":" + play + ",\"device\":\"" + name + "\"}";
    }

    /** Of each record of a topic the key, the identity without the origin, and the value. */
    private List<String> results(String topic) {
        return kafka.broker().records(topic).stream()
                .map(ScriptRoutesTest::result)
                .toList();
    }

    private static String result(ConsumerRecord<byte[], byte[]> read) {
        String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
        return new String(read.key(), UTF_8) + " " + id.replaceFirst("^[^;]*", "") + " "
                + new String(read.value(), UTF_8);
    }

    private static Path object(Path below) throws IOException {
        try (Stream<Path> files = Files.list(below)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
