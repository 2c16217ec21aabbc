package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Dead letters looked at, and replayed with a repaired spec: what they become is there once. */
public class ReplayTest {
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
                """);

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec("event.duration_s > 60"));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(delivered("long-plays"), containsInAnyOrder(startsWith("{\"id\":1,"), startsWith("{\"id\":5,")));
        assertThat(lines(path("dead-letters")).size(), is(2));
    }

    @Test
    public void deliversWhatARepairedSpecTakesOnceHoweverOftenItIsReplayed() throws IOException {
        Path repaired = spec("!has(event.duration_s) || event.duration_s > 60");

        replay(repaired, "direct");
        replay(repaired, "direct");

        assertThat(
                delivered("long-plays"),
                containsInAnyOrder(
                        startsWith("{\"id\":1,"),
                        startsWith("{\"id\":2,"),
                        startsWith("{\"id\":4,"),
                        startsWith("{\"id\":5,")));
    }

    @Test
    public void replaysOnFlinkAsWell() throws IOException {
        replay(spec("!has(event.duration_s)"), "flink-local");

        assertThat(delivered("long-plays").size(), is(4));
    }

    @Test
    public void whatFailsAgainIsADeadLetterAgainAndCountsAsOne() throws IOException {
        CommandLineRun run = replay(spec("event.duration_s > 61"), "direct");

        assertThat(
                run.outLines().get(1), is("long-plays             2             0             0             2  done"));
        assertThat(deadLetters().get(0), is("2 dead letters"));
    }

    @Test
    public void replaysEachRoutesOwnDeadLetters() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "replay",
                "--spec=" + spec("has(event.id)"),
                "--deadLetters=" + path("dead-letters"),
                "--route=everything");

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.errLines(),
                contains("no dead letters of these routes in " + path("dead-letters") + ": everything"));
        assertThat(delivered("everything").size(), is(5));
    }

    @Test
    public void showsDeadLettersByTheirCause() {
        assertThat(
                deadLetters(),
                contains(
                        is("2 dead letters"),
                        is(""),
                        is("long-plays  filterFailed: 2, from 2026-01-31T12:01:00.000Z to 2026-01-31T12:03:00.000Z"),
                        startsWith("  e.g. plays.jsonl:0:53;;0: "),
                        is("       {\"id\":2,\"ts\":\"2026-01-31T12:01:00Z\"}")));
    }

    @Test
    public void saysWhatIsWrong() throws IOException {
        Files.writeString(path("other.jsonl"), "{\"id\":1}\n");

        assertThat(
                CommandLineRun.of("dead-letters", "--path=" + path("other.jsonl"))
                        .errLines(),
                contains("every line must be a dead letter, but other.jsonl at byte 0 is none: dlVersion must be 1, but"
                        + " was null"));
        assertThat(
                CommandLineRun.of("dead-letters", "--path=" + path("dead-letters"), "--by=colour")
                        .errLines(),
                contains("--by: must be one of message, reason, route, step, but was colour"));
        assertThat(
                CommandLineRun.of(
                                "replay",
                                "--spec=" + spec("true"),
                                "--deadLetters=" + path("dead-letters"),
                                "--runner=flink")
                        .errLines(),
                contains("--runner: must be direct or flink-local: a replay runs in this process, to its end"));
        assertThat(
                CommandLineRun.of("dead-letters", "--path=" + path("nowhere")).errLines(),
                contains("FileNotFoundException: path must lead to at least one file, but was " + path("nowhere")));
    }

    private CommandLineRun replay(Path spec, String runner) {
        CommandLineRun run = CommandLineRun.of(
                "replay", "--spec=" + spec, "--deadLetters=" + path("dead-letters"), "--runner=" + runner);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    private List<String> deadLetters() {
        CommandLineRun run = CommandLineRun.of("dead-letters", "--path=" + path("dead-letters"));
        assertThat(run.err(), run.errLines(), is(empty()));
        return run.outLines();
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
                    sink: {files: {path: "${folder}/long-plays", window: PT1M}}
                  - name: everything
                    sink: {files: {path: "${folder}/everything"}}
                deadLetters: {files: {path: "${folder}/dead-letters"}}
                """.replace("${folder}", folder.getRoot().toString()).replace("${filter}", "'" + filter + "'");
        return Files.writeString(path("spec.yaml"), text);
    }

    private List<String> delivered(String route) {
        return lines(path(route));
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static List<String> lines(Path below) {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .flatMap(ReplayTest::linesOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
