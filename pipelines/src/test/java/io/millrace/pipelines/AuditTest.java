package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What an audit says of files: of a run as it was, and after each thing that can happen to what it left. */
public class AuditTest {
    private static final String PLAYED = "event.duration_s > 60";
    private static final String REPAIRED = "!has(event.duration_s) || event.duration_s > 60";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void routePlaysOfWhichTwoFail() throws IOException {
        Files.writeString(path("plays.jsonl"), """
                {"id":1,"duration_s":90,"ts":"2026-01-31T12:00:00Z"}
                {"id":2,"ts":"2026-01-31T12:01:00Z"}
                {"id":3,"duration_s":30,"ts":"2026-01-31T12:02:00Z"}
                {"id":4,"ts":"2026-01-31T12:03:00Z"}
                {"id":5,"duration_s":100,"ts":"2026-01-31T12:04:00Z"}
                {"id":5,"duration_s":100,"ts":"2026-01-31T12:04:00Z"}
                """);

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(PLAYED));

        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    @Test
    public void aRunAsItWasIsClean() throws IOException {
        for (String runner : List.of("direct", "flink-local")) {
            Audited audited = Audited.of(spec(PLAYED), runner);

            assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
            assertThat(audited.route("long-plays"), is(Map.of("expected", 5L, "held", 3L, "deadLettered", 2L)));
            assertThat(audited.route("everything"), is(Map.of("expected", 6L, "held", 6L)));
            assertThat(audited.json().at("/clean").asBoolean(), is(true));
            assertThat(audited.json().at("/routes/everything/sink").asText(), is("files"));
            assertThat(audited.json().at("/routes/seen").toString(), is("{\"sink\":\"none\",\"audited\":false}"));
        }
    }

    @Test
    public void tellsItInATableAndSaysWhatCannotBeAudited() throws IOException {
        CommandLineRun run = CommandLineRun.of("audit", "--spec=" + spec(PLAYED));

        assertThat(run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(
                        "route           expected          held    superseded  deadLettered       missing      repeated       foreign       dropped",
                        "long-plays             5             3             0             2             0             0             0             0",
                        "everything             6             6             0             0             0             0             0             0",
                        "seen: nothing to audit, what is written to the sink none cannot be read again"));
    }

    @Test
    public void itsHelpSaysWhatIsCountedAndHowResultsAreRecognised() {
        CommandLineRun help = CommandLineRun.of("audit", "--help");

        assertThat(help.status(), is(Commands.DONE));
        assertThat(help.out(), containsString("expected = held + superseded + deadLettered + missing"));
        assertThat(help.out(), containsString("  kafka          by the header millrace-id"));
        assertThat(
                help.out(), containsString("  audit --spec=play-events.yaml --route=long-plays --json=out/audit.json"));
    }

    @Test
    public void findsALineThatIsGoneAndOneThatNobodyWrote() throws IOException {
        Path object = object("everything");
        List<String> lines = Files.readAllLines(object);
        Files.write(
                object,
                Stream.concat(lines.subList(1, 6).stream(), Stream.of("{\"id\":6}"))
                        .toList());

        Audited audited = Audited.of(spec(PLAYED), "direct", "--route=everything");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(audited.route("everything"), is(Map.of("expected", 6L, "held", 5L, "missing", 1L, "foreign", 1L)));
        assertThat(audited.samples("everything", "missing"), contains("plays.jsonl:0:0;everything;0"));
        assertThat(audited.samples("everything", "foreign"), contains(object.getFileName() + ", line 6"));
        assertThat(
                audited.run().out(),
                containsString(String.format("%neverything, missing:%n  plays.jsonl:0:0;everything;0%n")));
    }

    @Test
    public void findsALineThatIsThereOnceMoreThanItShould() throws IOException {
        Path object = object("everything");
        Files.write(
                object,
                Stream.concat(
                                Files.readAllLines(object).stream(),
                                Stream.of("{\"id\":5,\"duration_s\":100,\"ts\":\"2026-01-31T12:04:00Z\"}"))
                        .toList());

        Audited audited = Audited.of(spec(PLAYED), "direct", "--route=everything");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(audited.route("everything"), is(Map.of("expected", 6L, "held", 6L, "repeated", 1L)));
    }

    @Test
    public void findsTheObjectOfAWindowThatIsGone() throws IOException {
        Files.delete(object("long-plays"));

        Audited audited = Audited.of(spec(PLAYED), "direct");

        assertThat(
                audited.route("long-plays"), is(Map.of("expected", 5L, "held", 2L, "deadLettered", 2L, "missing", 1L)));
        assertThat(audited.samples("long-plays", "missing"), contains("plays.jsonl:0:0;long-plays;0"));
    }

    @Test
    public void countsNoObjectThatHasLostItsManifest() throws IOException {
        Files.delete(manifests("long-plays").get(0));

        Audited audited = Audited.of(spec(PLAYED), "direct");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("long-plays"),
                is(Map.of("expected", 5L, "held", 2L, "deadLettered", 2L, "missing", 1L, "foreign", 1L)));
        assertThat(
                audited.samples("long-plays", "foreign"),
                contains(object("long-plays").getFileName() + ", line 1, without a manifest"));
    }

    @Test
    public void findsADeadLetterThatIsGone() throws IOException {
        Path letters = object("dead-letters");
        Files.write(letters, Files.readAllLines(letters).subList(0, 1));

        Audited audited = Audited.of(spec(PLAYED), "direct", "--route=long-plays");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("long-plays"), is(Map.of("expected", 5L, "held", 3L, "deadLettered", 1L, "missing", 1L)));
        assertThat(
                audited.samples("long-plays", "missing"),
                contains(startsWith("plays.jsonl:0:143;long-plays/dead-letter;0, filterFailed: ")));
    }

    @Test
    public void whatAReplayDeliveredIsHeldThoughItIsADeadLetter() throws IOException {
        assertThat(
                Audited.of(spec(REPAIRED), "direct").route("long-plays"),
                is(Map.of("expected", 5L, "held", 3L, "deadLettered", 2L)));
        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + spec(REPAIRED), "--deadLetters=" + path("dead-letters"));
        assertThat(replay.err(), replay.status(), is(Commands.DONE));

        Audited audited = Audited.of(spec(REPAIRED), "direct");

        assertThat(audited.status(), is(Commands.DONE));
        assertThat(audited.route("long-plays"), is(Map.of("expected", 5L, "held", 5L)));
    }

    @Test
    public void readsDeadLettersWhereItIsTold() throws IOException {
        Files.move(path("dead-letters"), path("kept"));

        assertThat(
                Audited.of(spec(PLAYED), "direct").route("long-plays"),
                is(Map.of("expected", 5L, "held", 3L, "missing", 2L)));
        assertThat(
                Audited.of(spec(PLAYED), "direct", "--deadLetters=" + path("kept"))
                        .status(),
                is(Commands.DONE));
    }

    @Test
    public void takesWhatStepsGiveUpToBeThereWhereDeadLettersCannotBeRead() throws IOException {
        Path spec = spec(PLAYED);
        Files.writeString(
                spec, Files.readString(spec).replaceFirst("(?m)^deadLetters: .*$", "deadLetters: {console: {}}"));

        Audited audited = Audited.of(spec, "direct", "--route=long-plays");

        assertThat(audited.status(), is(Commands.DONE));
        assertThat(audited.route("long-plays"), is(Map.of("expected", 5L, "held", 3L, "deadLettered", 2L)));
        assertThat(
                audited.run().errLines(),
                contains(
                        "dead letters in the sink console cannot be read: what the routes' steps give up is taken to be"
                                + " there, and what a sink gave up is missing. --deadLetters says where else they are"));
    }

    @Test
    public void saysWhatIsWrong() throws IOException {
        assertThat(
                CommandLineRun.of("audit", "--spec=" + spec(PLAYED), "--runner=flink", "--json=" + folder.getRoot())
                        .errLines(),
                contains(
                        "--runner: must be direct or flink-local: an audit runs in this process, to its end",
                        "--json: must be a file, but " + folder.getRoot() + " is a folder"));
        CommandLineRun nowhere =
                CommandLineRun.of("audit", "--spec=" + spec(PLAYED), "--deadLetters=" + path("nowhere"));
        assertThat(nowhere.status(), is(Commands.FAILED));
        assertThat(nowhere.outLines(), is(empty()));
        assertThat(
                nowhere.errLines().subList(0, 2),
                containsInAnyOrder(
                        "route long-plays failed: FileNotFoundException: path must lead to at least one file, but was "
                                + path("nowhere"),
                        "route everything failed: FileNotFoundException: path must lead to at least one file, but was "
                                + path("nowhere")));
    }

    @Test
    public void cannotKnowWhereARunBeganThatBeganAtTheLatest() throws IOException {
        Path spec = Files.writeString(
                path("latest.yaml"),
                "name: plays\nsource: {kafka: {bootstrapServers: 'localhost:1', topics: [plays], start: latest}}\n"
                        + "routes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("audit", "--spec=" + spec);

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains(
                        "source.kafka.start: must not be latest for an audit, which cannot know where the run began: give"
                                + " that as a time, or as startOffsets"));
    }

    private Path spec(String filter) throws IOException {
        String text = """
                name: plays
                source:
                  files: {path: "${folder}/plays.jsonl"}
                  eventTime: event.ts
                routes:
                  - name: long-plays
                    filter: ${filter}
                    sink: {files: {path: "${folder}/long-plays", window: PT1M, compression: gzip}}
                  - name: everything
                    sink: {files: {path: "${folder}/everything"}}
                  - name: seen
                    sink: {none: {}}
                deadLetters: {files: {path: "${folder}/dead-letters"}}
                """.replace("${folder}", folder.getRoot().toString()).replace("${filter}", "'" + filter + "'");
        return Files.writeString(path("spec.yaml"), text);
    }

    /** The first data object of a folder, by its name. */
    private Path object(String name) throws IOException {
        try (Stream<Path> files = Files.list(path(name))) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private List<Path> manifests(String name) throws IOException {
        try (Stream<Path> files = Files.walk(path(name).resolve("_manifest"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
