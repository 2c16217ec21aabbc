package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayContaining;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A join is run that tells what becomes of its keys, and then one key is explained. */
public class JoinWhyTest {
    private static final List<String> EXPLAINED = List.of(
            "right p-1 of 2026-01-01T10:00:00Z was given 2 left events",
            "  given i-2 of 2026-01-01T08:30:00Z, PT1H30M before it, which came 2 times and counts once",
            "  given i-3 of 2026-01-01T09:59:00Z, PT1M before it",
            "  not given i-1 of 2026-01-01T07:00:00Z: it was PT3H before it, PT1H too far: right.looksBack: PT3H would have joined them",
            "  not given i-4 of 2026-01-01T10:00:10Z: it was PT10S after it: right.waits: PT10S would have joined them",
            "",
            "2 left events that no right one was given",
            "  i-1 of 2026-01-01T07:00:00Z: the next right one is p-1 of 2026-01-01T10:00:00Z: it was PT3H before it, PT1H too far: right.looksBack: PT3H would have joined them",
            "  i-4 of 2026-01-01T10:00:10Z: the last right one is p-1 of 2026-01-01T10:00:00Z: it was PT10S after it: right.waits: PT10S would have joined them");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Before
    public void writeEvents() throws IOException {
        Files.writeString(
                path("shown.jsonl"),
                event("a", "i-1", "07:00:00")
                        + event("a", "i-2", "08:30:00")
                        + event("b", "i-9", "09:00:00")
                        + event("a", "i-3", "09:59:00")
                        + event("a", "i-2", "08:30:00")
                        + event("a", "i-4", "10:00:10"));
        Files.writeString(path("played.jsonl"), event("a", "p-1", "10:00:00") + event("c", "p-2", "11:00:00"));
    }

    @Test
    public void explainsAKeyByTheTracesInFiles() throws IOException {
        Path spec = run(spec("share: 1", files()));

        List<String> lines = why(spec, "--key=a").outLines();

        assertThat(
                lines.get(2).split(" {2,}"),
                arrayContaining("at", "what", "side", "event time", "id", "watermark", "behind it"));
        assertThat(
                lines.subList(3, lines.size() - EXPLAINED.size() - 1).stream()
                        .map(line ->
                                String.join(" ", List.of(line.split(" {2,}")).subList(1, 5)))
                        .toList(),
                hasItems(
                        "arrived left 2026-01-01T07:00:00Z i-1",
                        "arrived left 2026-01-01T08:30:00Z i-2",
                        "arrived left 2026-01-01T09:59:00Z i-3",
                        "arrived left 2026-01-01T10:00:10Z i-4",
                        "arrived right 2026-01-01T10:00:00Z p-1",
                        "duplicate, dropped left 2026-01-01T08:30:00Z -",
                        "joined with 2 right 2026-01-01T10:00:00Z -",
                        "unmatched left 2026-01-01T07:00:00Z -",
                        "unmatched left 2026-01-01T10:00:10Z -",
                        "forgotten left 2026-01-01T08:30:00Z -",
                        "forgotten left 2026-01-01T09:59:00Z -"));
        assertThat(afterTheTable(lines), is(EXPLAINED));
    }

    @Test
    public void explainsAKeyByTheTracesInATopic() throws IOException {
        String topic = kafka.topic("traces", 3);
        Path spec = run(spec(
                "keys: [a]",
                "{kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: " + topic + "}}"));

        assertThat(afterTheTable(why(spec, "--key=a").outLines()), is(EXPLAINED));
    }

    @Test
    public void aTraceThatIsInATopicTwiceIsOne() throws IOException {
        String topic = kafka.topic("traces");
        Path spec = run(spec(
                "keys: [a]",
                "{kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: " + topic + "}}"));
        List<String> once = why(spec, "--key=a").outLines();

        kafka.broker()
                .produceTexts(
                        topic,
                        kafka.broker().records(topic).stream()
                                .map(read -> new String(read.value(), UTF_8))
                                .toArray(String[]::new));

        assertThat(why(spec, "--key=a").outLines(), is(once));
    }

    @Test
    public void saysItAsJson() throws IOException {
        Path spec = run(spec("share: 1", files()));

        JsonNode json =
                new ObjectMapper().readTree(why(spec, "--key=c", "--json").out());

        assertThat(json.path("join").asText(), is("led"));
        assertThat(json.path("key").asText(), is("c"));
        assertThat(json.path("traces").size(), is(1));
        assertThat(json.path("rights"), is(new ObjectMapper().readTree("""
                [{"time": "2026-01-01T11:00:00Z", "id": "p-2", "fate": "taken", "arrivals": 1, "outcome": "was given no left event",
                  "given": [], "notGiven": []}]""")));
        assertThat(json.path("givenToNone").size(), is(0));
    }

    @Test
    public void readsTracesThatAreElsewhere() throws IOException {
        Path spec = run(spec("share: 1", files()));
        Path withoutRoute = Files.writeString(
                path("other.yaml"),
                Files.readString(spec).replaceAll("(?s)  - name: traces.*", "").replaceAll("traces: .*", ""));

        CommandLineRun run = CommandLineRun.of(
                "join", "why", "--spec=" + withoutRoute, "--key=a", "--traces=" + path("out/traces") + "/*.jsonl");

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(afterTheTable(run.outLines()), is(EXPLAINED));
    }

    @Test
    public void saysThatNothingIsToldOfAKey() throws IOException {
        Path some = run(spec("keys: [a]", files()));

        CommandLineRun run = CommandLineRun.of("join", "why", "--spec=" + some, "--key=z");

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(
                run.errLines(),
                contains(
                        "key z: nothing is told of it in " + path("out/traces")
                                + ", where of 1 other key something is told",
                        "joins.led.traces.keys does not name it: with keys: [\"z\"] it is told of for sure",
                        "only what came since traces were switched on is told, and only while a job runs that has them"));
        assertThat(
                CommandLineRun.of("join", "why", "--spec=" + spec("{share: 0.5, keys: [z]}", files()), "--key=z")
                        .errLines()
                        .get(1),
                is("joins.led.traces.keys names it, so no event of it came"));
        assertThat(
                CommandLineRun.of("join", "why", "--spec=" + spec("share: 0.5", files()), "--key=z")
                        .errLines(),
                contains(
                        "key z: nothing is told of it in " + path("out/traces")
                                + ", where of 1 other key something is told",
                        "joins.led.traces.keys does not name it: with keys: [\"z\"] it is told of for sure",
                        "joins.led.traces.share draws keys by their hash: of one that is not drawn nothing is ever told",
                        "only what came since traces were switched on is told, and only while a job runs that has them"));
        assertThat(
                CommandLineRun.of("join", "why", "--spec=" + spec("share: 1", files()), "--key=z")
                        .errLines()
                        .get(1),
                is("joins.led.traces has every key told of, so no event of this one came"));
    }

    @Test
    public void saysWhatASpecNeeds() throws IOException {
        Path silent = Files.writeString(
                path("silent.yaml"),
                Files.readString(spec("share: 1", files()))
                        .replaceAll("(?s)  - name: traces.*", "")
                        .replaceAll("traces: .*", ""));

        CommandLineRun run = CommandLineRun.of("join", "why", "--spec=" + silent, "--key=a");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains(
                        "joins.led.traces: is required, so that there is something to look into, such as traces: {share: 0.01}",
                        "routes: must have one that keeps led-traces, such as - {name: led-traces, from: [led-traces], sink:"
                                + " {files: {path: out/shows/led-traces}}}"));
    }

    @Test
    public void needsTracesAsTheyAre() throws IOException {
        String problem =
                "route traces: must keep led-traces as they are, without project, script and enrich, in a sink files,"
                        + " s3 or kafka; or --traces must say where they are";

        assertThat(problems(spec("share: 1", "none")), contains(problem));
        assertThat(problems(spec("share: 1", files() + "\n    project: [key, step]")), contains(problem));
    }

    @Test
    public void needsToKnowWhichJoinIsMeant() throws IOException {
        String one = Files.readString(spec("share: 1", files()));
        String join = one.substring(one.indexOf("  led:"), one.indexOf("routes:"));
        Path two = Files.writeString(
                path("two.yaml"),
                one.replace("joins:\n", "joins:\n" + join.replace("led:", "shown-first:"))
                        .replace("routes:\n", "routes:\n  - {name: more, from: [shown-first], sink: none}\n"));

        assertThat(problems(two), contains("--join: is required, one of led, shown-first"));
        assertThat(problems(two, "--join=leads"), contains("--join: must be one of led, shown-first, but was leads"));
        assertThat(
                problems(two, "--join=shown-first"),
                contains(
                        "routes: must have one that keeps shown-first-traces, such as - {name: shown-first-traces, from:"
                                + " [shown-first-traces], sink: {files: {path: out/shows/shown-first-traces}}}"));
        assertThat(
                problems(Path.of("samples/play-events.yaml")),
                contains("joins: is required, but the spec joins nothing"));
    }

    @Test
    public void saysWhichLineIsNoTrace() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "join", "why", "--spec=" + spec("share: 1", files()), "--key=a", "--traces=" + path("played.jsonl"));

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(
                run.errLines(),
                contains(
                        "every document must be a trace of a join, but one in played.jsonl at byte 0 is none: step must be"
                                + " a text, but was missing"));
    }

    private List<String> problems(Path spec, String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"join", "why", "--spec=" + spec, "--key=a"}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.err(), run.status(), is(Commands.WRONG));
        return run.errLines();
    }

    private static List<String> afterTheTable(List<String> lines) {
        return lines.subList(2 + lines.subList(2, lines.size()).indexOf("") + 1, lines.size());
    }

    private static CommandLineRun why(Path spec, String... options) {
        String[] arguments = new String[options.length + 3];
        System.arraycopy(new String[] {"join", "why", "--spec=" + spec}, 0, arguments, 0, 3);
        System.arraycopy(options, 0, arguments, 3, options.length);
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    private static Path run(Path spec) {
        CommandLineRun run = CommandLineRun.of("join", "--spec=" + spec);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return spec;
    }

    private String files() {
        return "{files: {path: \"" + path("out/traces") + "\"}}";
    }

    private Path spec(String traces, String sink) throws IOException {
        String text = """
                name: shows
                isolation: shared
                sources:
                  shown: {files: {path: "${folder}/shown.jsonl", stream: shown}, eventTime: event.ts}
                  played: {files: {path: "${folder}/played.jsonl", stream: played}, eventTime: event.ts}
                joins:
                  led:
                    left: {from: shown, key: event.key, id: event.id}
                    right: {from: played, key: event.key, id: event.id, looksBack: PT2H}
                    type: leftOuter
                    traces: ${traces}
                routes:
                  - {name: all, from: [led], sink: {files: {path: "${folder}/out/all"}}}
                  - name: traces
                    from: [led-traces]
                    sink: ${sink}
                deadLetters: {files: {path: "${folder}/out/dead"}}
                """.replace("${folder}", folder.getRoot().toString())
                .replace("${traces}", traces.startsWith("{") ? traces : "{" + traces + "}")
                .replace("${sink}", sink);
        return Files.writeString(path("spec.yaml"), text);
    }

    private static String event(String key, String id, String time) {
        return "{\"key\":\"" + key + "\",\"id\":\"" + id + "\",\"ts\":"
                + Instant.parse("2026-01-01T" + time + "Z").toEpochMilli() + "}\n";
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
