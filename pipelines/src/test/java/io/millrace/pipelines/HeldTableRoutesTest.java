package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes with tables that are held: what their events are made, what is counted, and what becomes of those without a row. */
public class HeldTableRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> RUNNERS = List.of("direct", "flink-local");

    private static final List<String> PLAYS = List.of(
            "{\"id\":1,\"video\":\"v-1\",\"minutes\":90}",
            "{\"id\":2,\"video\":2,\"minutes\":10}",
            "{\"id\":3,\"video\":\"v-3\",\"minutes\":70}",
            "{\"id\":4,\"minutes\":80}",
            "{\"id\":5,\"video\":\"v-1\",\"minutes\":80,\"title\":\"old\"}");
    private static final String ALIEN = "{\"key\":\"v-1\",\"name\":\"Alien\"}";
    private static final String BRAZIL = "{\"key\": 2, \"name\": \"Brazil\"}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path out;

    @Before
    public void writeEventsAndRows() throws IOException {
        Files.write(path("plays.jsonl"), PLAYS);
        Files.write(path("videos.jsonl"), List.of(ALIEN, BRAZIL));
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    /** A route with a table into a field {@code title}, which the settings complete. */
    private String route(String name, String settings, String enrich) {
        return "  - name: " + name + "\n"
                + settings
                + "    enrich:\n"
                + "      - into: title\n"
                + "        key: event.video\n"
                + "        table: {keyField: key, files: {path: " + path("videos.jsonl") + "}, reloadEvery: PT1M}\n"
                + enrich
                + "    sink: {files: {path: " + out.resolve(name) + "}}\n";
    }

    private Path spec(String top, String... routes) throws IOException {
        Path spec = path("plays.yaml");
        Files.writeString(
                spec,
                "name: plays\n" + top + "source: {files: {path: " + path("plays.jsonl") + "}}\nroutes:\n"
                        + String.join("", routes) + "deadLetters: {files: {path: " + out.resolve("dead") + "}}\n");
        return spec;
    }

    private CommandLineRun run(String runner, String top, String... routes) throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(top, routes), "--runner=" + runner);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    @Test
    public void theFilterTakesAndTheProjectionSeesTheRow() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            CommandLineRun run = run(
                    runner,
                    "",
                    route(
                            "plays",
                            "    filter: event.minutes > 60\n"
                                    + "    project: {id: event.id, name: event.title.name}\n",
                            "        onMiss: drop\n"));

            assertThat(
                    lines(out.resolve("plays")),
                    containsInAnyOrder("{\"id\":1,\"name\":\"Alien\"}", "{\"id\":5,\"name\":\"Alien\"}"));
            assertThat(
                    run.outLines(),
                    contains(
                            "route            in     delivered      filtered  deadLettered  state",
                            "plays             5             2             2             1  done",
                            "plays: title: nothing was found for 1 of 3 events"));
            JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
            assertThat(letter.path("step").asText(), is("enrich"));
            assertThat(letter.path("reason").asText(), is("lookupKeyFailed"));
            assertThat(letter.path("message").asText(), is("no such field 'video'"));
        }
    }

    @Test
    public void aRowIsPlacedAsItWasReadAndAFilterCanUseIt() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            run(
                    runner,
                    "",
                    route(
                            "plays",
                            "    filter: event.id == 5 || event.title.name == \"Brazil\"\n    onError: drop\n",
                            "        beforeFilter: true\n"));

            assertThat(
                    lines(out.resolve("plays")),
                    containsInAnyOrder(
                            "{\"id\":2,\"video\":2,\"minutes\":10,\"title\":" + BRAZIL + "}",
                            "{\"id\":5,\"video\":\"v-1\",\"minutes\":80,\"title\":" + ALIEN + "}"));
        }
    }

    @Test
    public void ofAMissADefaultIsMadeOrADeadLetterOrNothing() throws IOException {
        out = path("out");
        String filter = "    filter: event.id == 3\n";
        run(
                "direct",
                "",
                route("passed", filter, ""),
                route("default", filter, "        onMiss: default\n        missing: '{\"name\": \"?\"}'\n"),
                route("letter", filter, "        onMiss: deadLetter\n"));

        assertThat(lines(out.resolve("passed")), contains(PLAYS.get(2)));
        assertThat(
                lines(out.resolve("default")),
                contains("{\"id\":3,\"video\":\"v-3\",\"minutes\":70,\"title\":{\"name\": \"?\"}}"));
        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("reason").asText(), is("lookupMissed"));
        assertThat(letter.path("message").asText(), is("key 'v-3': there is nothing of this key"));
    }

    @Test
    public void aDeadLetterOfTheStepThatLooksIntoATableHasTheEventAsItWasRead() throws IOException {
        out = path("out");
        run("direct", "", route("plays", "    filter: event.id == 1\n    project: {none: event.title.nothing}\n", ""));

        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("step").asText(), is("project"));
        assertThat(letter.path("valueText").asText(), is(PLAYS.get(0)));
    }

    @Test
    public void routesOfASharedJobHaveTablesOfTheirOwnAndAReplayLooksIntoThemAnew() throws IOException {
        out = path("out");
        run(
                "flink-local",
                "isolation: shared\n",
                route("enriched", "    filter: event.id == 3\n", "        onMiss: deadLetter\n"),
                "  - name: plain\n    filter: event.id == 2\n    sink: {files: {path: " + out.resolve("plain")
                        + "}}\n");
        assertThat(lines(out.resolve("plain")), contains(PLAYS.get(1)));
        replaceRows("{\"key\":\"v-3\",\"name\":\"Cube\"}");

        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + path("plays.yaml"), "--deadLetters=" + out.resolve("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(
                lines(out.resolve("enriched")),
                contains("{\"id\":3,\"video\":\"v-3\",\"minutes\":70,\"title\":{\"key\":\"v-3\",\"name\":\"Cube\"}}"));
    }

    private void replaceRows(String... rows) throws IOException {
        Files.write(path("other"), List.of(rows));
        Files.move(path("other"), path("videos.jsonl"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    public void aJobWithoutAFirstTableWaitsForIt() throws Exception {
        out = path("out");
        Files.delete(path("videos.jsonl"));
        Path spec = spec("", route("plays", "    filter: event.id == 1\n    project: {name: event.title.name}\n", ""));
        CompletableFuture<CommandLineRun> run = CompletableFuture.supplyAsync(
                () -> CommandLineRun.of("router", "--spec=" + spec, "--runner=flink-local"));
        eventually("the thread that loads the table", HeldTableRoutesTest::loading, is(true));

        assertThat(run.isDone(), is(false));
        replaceRows(ALIEN);

        assertThat(run.get().err(), run.get().status(), is(Commands.DONE));
        assertThat(lines(out.resolve("plays")), contains("{\"name\":\"Alien\"}"));
        eventually("the thread has ended with the job", HeldTableRoutesTest::loading, is(false));
    }

    private static boolean loading() {
        Optional<Thread> loading = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millrace-table-"))
                .findFirst();
        return loading.isPresent();
    }
}
