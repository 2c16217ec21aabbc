package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.Call;
import io.millrace.testfixtures.history.Histories;
import io.millrace.testfixtures.history.HistoryRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes with lookups: what their events are made, what is counted, and what becomes of failures. */
public class EnrichRoutesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> RUNNERS = List.of("direct", "flink-local");

    private static final List<String> PLAYS = List.of(
            "{\"id\":1,\"profile\":\"p-1\",\"minutes\":90}",
            "{\"id\":2,\"profile\":\"p-2\",\"minutes\":10}",
            "{\"id\":3,\"profile\":\"unknown-3\",\"minutes\":70}",
            "{\"id\":4,\"minutes\":80}",
            "{\"id\":5,\"profile\":\"p-5\",\"minutes\":80,\"history\":\"old\"}");

    @Rule
    public final HistoryRule history = new HistoryRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path out;

    @Before
    public void writeEvents() throws IOException {
        Files.write(path("plays.jsonl"), PLAYS);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static String history(String profile) {
        return new String(Histories.of(profile).orElseThrow(), UTF_8);
    }

    private static int plays(String profile) {
        try {
            return JSON.readTree(history(profile)).path("plays").asInt();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A route with a lookup into a field {@code history}, which the settings complete. */
    private String route(String name, String settings, String enrich) {
        return "  - name: " + name + "\n"
                + settings
                + "    enrich:\n"
                + "      - into: history\n"
                + "        key: event.profile\n"
                + "        http: {url: \"" + history.service().url() + "/history/{key}\"}\n"
                + (enrich.contains("calls:") ? enrich : enrich + "        calls: {timeout: PT1M}\n")
                + "    sink: {files: {path: " + out.resolve(name) + "}}\n";
    }

    private CommandLineRun run(String runner, String... routes) throws IOException {
        return run(List.of("--runner=" + runner), routes);
    }

    private CommandLineRun run(List<String> options, String... routes) throws IOException {
        Path spec = path("plays.yaml");
        Files.writeString(
                spec,
                "name: plays\nsource: {files: {path: " + path("plays.jsonl") + "}}\nroutes:\n" + String.join("", routes)
                        + "deadLetters: {files: {path: " + out.resolve("dead") + "}}\n");
        List<String> words = new ArrayList<>(List.of("router", "--spec=" + spec));
        words.addAll(options);
        CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    private List<String> asked() {
        return history.service().calls().stream()
                .map(Call::keys)
                .flatMap(List::stream)
                .sorted()
                .collect(Collectors.toList());
    }

    @Test
    public void whatTheFilterTakesIsLookedUpAndTheProjectionSeesIt() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            history.service().forgetCalls();

            CommandLineRun run = run(
                    runner,
                    route(
                            "plays",
                            "    filter: event.minutes > 60\n"
                                    + "    project: {id: event.id, plays: event.history.plays}\n",
                            "        onMiss: drop\n"));

            assertThat(
                    lines(out.resolve("plays")),
                    containsInAnyOrder(
                            "{\"id\":1,\"plays\":" + plays("p-1") + "}", "{\"id\":5,\"plays\":" + plays("p-5") + "}"));
            assertThat(asked(), contains("p-1", "p-5", "unknown-3"));
            assertThat(
                    run.outLines(),
                    contains(
                            "route            in     delivered      filtered  deadLettered  state",
                            "plays             5             2             2             1  done",
                            "plays: history: nothing was found for 1 of 3 events"));
            JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
            assertThat(letter.path("step").asText(), is("enrich"));
            assertThat(letter.path("reason").asText(), is("lookupKeyFailed"));
            assertThat(letter.path("message").asText(), is("no such field 'profile'"));
            assertThat(letter.path("valueText").asText(), is(PLAYS.get(3)));
        }
    }

    @Test
    public void aFilterCanUseWhatWasLookedUpBefore() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            history.service().forgetCalls();

            CommandLineRun run = run(
                    runner,
                    route(
                            "plays",
                            "    filter: has(event.history) && event.history.plays == " + plays("p-2") + "\n"
                                    + "    onError: drop\n",
                            "        beforeFilter: true\n"));

            assertThat(
                    lines(out.resolve("plays")),
                    contains("{\"id\":2,\"profile\":\"p-2\",\"minutes\":10,\"history\":" + history("p-2") + "}"));
            assertThat(asked(), contains("p-1", "p-2", "p-5", "unknown-3"));
            assertThat(
                    run.outLines().get(1), is("plays             5             1             4             0  done"));
        }
    }

    @Test
    public void anAnswerTakesThePlaceOfTheFieldThatIsThere() throws IOException {
        out = path("out");
        run("direct", route("plays", "    filter: event.id == 5\n", ""));

        assertThat(
                lines(out.resolve("plays")),
                contains("{\"id\":5,\"profile\":\"p-5\",\"minutes\":80,\"history\":" + history("p-5") + "}"));
    }

    @Test
    public void ofAMissADefaultIsMadeOrADeadLetterOrNothing() throws IOException {
        out = path("out");
        String filter = "    filter: event.id == 3\n";
        CommandLineRun run = run(
                "direct",
                route("passed", filter, ""),
                route("default", filter, "        onMiss: default\n        missing: '{\"plays\": 0}'\n"),
                route("letter", filter, "        onMiss: deadLetter\n"));

        assertThat(lines(out.resolve("passed")), contains(PLAYS.get(2)));
        assertThat(
                lines(out.resolve("default")),
                contains("{\"id\":3,\"profile\":\"unknown-3\",\"minutes\":70,\"history\":{\"plays\": 0}}"));
        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("reason").asText(), is("lookupMissed"));
        assertThat(letter.path("message").asText(), is("key 'unknown-3': there is nothing of this key"));
        assertThat(run.outLines().get(3), is("letter              5             0             4             1  done"));
        assertThat(
                run.outLines().subList(4, run.outLines().size()),
                contains(
                        "passed: history: nothing was found for 1 of 1 events",
                        "default: history: nothing was found for 1 of 1 events",
                        "letter: history: nothing was found for 1 of 1 events"));
    }

    @Test
    public void thatAWrongUrlFindsNothingIsToldBelowTheTableAndInTheSummary() throws IOException {
        for (String runner : RUNNERS) {
            out = path(runner);
            CommandLineRun run = run(
                    List.of("--runner=" + runner, "--summary=" + path("summary.json")),
                    route(
                                    "plays",
                                    "    filter: has(event.profile)\n    project: {plays: event.history.plays}\n",
                                    "        onMiss: default\n        missing: '{\"plays\": 0}'\n")
                            .replace("/history/", "/historie/"));

            assertThat(
                    run.outLines(),
                    contains(
                            "route            in     delivered      filtered  deadLettered  state",
                            "plays             5             4             1             0  done",
                            "plays: history: nothing was found for 4 of 4 events"));
            assertThat(
                    JSON.readTree(path("summary.json").toFile()).at("/routes/plays"),
                    is(JSON.readTree("{\"in\":5,\"delivered\":4,\"filtered\":1,\"deadLettered\":0,"
                            + "\"lookups\":{\"history\":{\"answered\":4,\"missed\":4}}}")));
        }
    }

    @Test
    public void aDeadLetterOfAStepBehindALookupHasTheAnswerInIt() throws IOException {
        out = path("out");
        run("direct", route("plays", "    filter: event.id == 2\n    project: {none: event.history.nothing}\n", ""));

        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("step").asText(), is("project"));
        assertThat(
                letter.path("valueText").asText(),
                is("{\"id\":2,\"profile\":\"p-2\",\"minutes\":10,\"history\":" + history("p-2") + "}"));
    }

    @Test
    public void whatTheServiceRefusesIsADeadLetterAndTheOthersGoOn() throws IOException {
        history.service().behave(Behaviour.status(400).forKeys("p-1"));
        out = path("out");
        run("direct", route("plays", "    filter: has(event.profile)\n    project: {id: event.id}\n", ""));

        assertThat(lines(out.resolve("plays")), containsInAnyOrder("{\"id\":2}", "{\"id\":3}", "{\"id\":5}"));
        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("reason").asText(), is("lookupRefused"));
        assertThat(letter.path("message").asText(), containsString("400"));
        assertThat(letter.path("valueText").asText(), is(PLAYS.get(0)));
    }

    @Test
    public void aServiceThatIsOutIsWaitedForUnlessTheSpecGivesUp() throws IOException {
        history.service().behave(Behaviour.status(503).forFirst(3));
        out = path("waited");
        run("direct", route("plays", "    filter: event.id == 1\n    project: {id: event.id}\n", ""));
        assertThat(lines(out.resolve("plays")), contains("{\"id\":1}"));
        assertThat(history.service().counters().calls(), is(4L));

        history.service().behave(Behaviour.status(500).forKeys("p-1"));
        out = path("given up");
        run(
                "direct",
                route(
                        "plays",
                        "    filter: event.id < 3\n    project: {id: event.id}\n",
                        "        calls: {giveUpAfter: PT15S}\n"));
        assertThat(lines(out.resolve("plays")), contains("{\"id\":2}"));
        JsonNode letter = JSON.readTree(lines(out.resolve("dead")).get(0));
        assertThat(letter.path("reason").asText(), is("lookupGaveUp"));
        assertThat(letter.path("message").asText(), containsString("no lookup worked within 15000 ms"));
    }

    @Test
    public void anOutageMayOutlastCheckpoints() throws IOException {
        history.service().behave(Behaviour.status(503).forFirst(12));
        out = path("out");
        run(
                List.of("--runner=flink-local", "--checkpointingInterval=100", "--checkpointTimeoutMillis=300"),
                route(
                        "plays",
                        "    filter: event.id == 1\n    project: {id: event.id}\n",
                        "        calls: {timeout: PT1M, firstBackoff: PT1S, longestBackoff: PT1S}\n"));

        assertThat(lines(out.resolve("plays")), contains("{\"id\":1}"));
        assertThat(history.service().counters().calls(), is(13L)); // of one attempt: the job was not started again
    }

    @Test
    public void eventsKeepTheirOrderHoweverLongAnAnswerTakes() throws IOException {
        List<String> plays = IntStream.range(0, 300)
                .mapToObj(id -> "{\"id\":" + id + ",\"profile\":\"p-" + id % 50 + "\"}")
                .toList();
        Files.write(path("plays.jsonl"), plays);
        history.service().behave(Behaviour.answer().after(Duration.ZERO, Duration.ofMillis(40)));
        out = path("out");
        run("flink-local", route("plays", "    project: {id: event.id}\n", ""));

        List<String> expected = new ArrayList<>();
        IntStream.range(0, 300).forEach(id -> expected.add("{\"id\":" + id + "}"));
        assertThat(lines(out.resolve("plays")), is(expected));
    }

    @Test
    public void whatIsKeptIsNotAskedForAgain() throws IOException {
        List<String> plays = IntStream.range(0, 300)
                .mapToObj(id -> "{\"id\":" + id + ",\"profile\":\"p-" + id % 5 + "\"}")
                .toList();
        Files.write(path("plays.jsonl"), plays);
        for (String runner : RUNNERS) {
            out = path(runner);
            history.service().forgetCalls();
            run(runner, route("plays", "    project: {id: event.id}\n", "        cache: {maxAge: PT1H}\n"));

            assertThat(lines(out.resolve("plays")).size(), is(300));
            assertThat(asked(), contains("p-0", "p-1", "p-2", "p-3", "p-4"));
        }
    }

    @Test
    public void anAuditSaysThatItCannotBe() throws IOException {
        out = path("out");
        run("direct", route("plays", "    filter: event.id == 1\n", ""));

        CommandLineRun audit = CommandLineRun.of("audit", "--spec=" + path("plays.yaml"));

        assertThat(audit.err(), audit.status(), is(Commands.DONE));
        assertThat(audit.outLines(), contains("plays: nothing to audit, what its lookups answered is not known again"));
    }

    @Test
    public void aReplayLooksDeadLettersUpAnew() throws IOException {
        history.service().behave(Behaviour.status(400).forKeys("p-1"));
        out = path("out");
        run("direct", route("plays", "    filter: event.id < 3\n    project: {plays: event.history.plays}\n", ""));
        history.service().behave();

        CommandLineRun replay =
                CommandLineRun.of("replay", "--spec=" + path("plays.yaml"), "--deadLetters=" + out.resolve("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(
                lines(out.resolve("plays")),
                containsInAnyOrder("{\"plays\":" + plays("p-1") + "}", "{\"plays\":" + plays("p-2") + "}"));
    }

    @Test
    public void routesOfASharedJobHaveLookupsOfTheirOwn() throws IOException {
        out = path("out");
        Path spec = path("shared.yaml");
        Files.writeString(
                spec,
                "name: plays\nisolation: shared\nsource: {files: {path: " + path("plays.jsonl") + "}}\nroutes:\n"
                        + route(
                                "enriched",
                                "    filter: event.id == 1\n    project: {plays: event.history.plays}\n",
                                "")
                        + "  - name: plain\n    filter: event.id == 2\n    sink: {files: {path: " + out.resolve("plain")
                        + "}}\n"
                        + "deadLetters: {files: {path: " + out.resolve("dead") + "}}\n");
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--runner=flink-local");

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(lines(out.resolve("enriched")), contains("{\"plays\":" + plays("p-1") + "}"));
        assertThat(lines(out.resolve("plain")), contains(PLAYS.get(1)));
    }
}
