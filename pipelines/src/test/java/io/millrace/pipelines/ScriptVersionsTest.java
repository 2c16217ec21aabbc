package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.millrace.io.files.FileEvents;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Versions of a script: published, looked at, taken back, and what runs make of events before and after. */
public class ScriptVersionsTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z";
    private static final String NEW_YEAR = "--effective-from=2026-01-01T00:00:00Z";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path spec;

    @Before
    public void writeSpec() throws IOException {
        spec = spec("minutes", "script: {dynamic: {file: FOLDER/versions}}");
    }

    @Test
    public void sendsAVersionAndSaysWhatBecomesOfIt() throws IOException {
        CommandLineRun run = publish(naming("v1"), "--id=v1", "--author=ada", NEW_YEAR);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(
                        "v1 is in " + path("versions")
                                + ", for events from 2026-01-01T00:00:00Z on, and for all before,"
                                + " as the first version",
                        "no running job of route minutes has answered; one that starts will find it accepted"));
        assertThat(run.errLines(), contains("waiting up to PT0S for what running jobs say"));
    }

    @Test
    public void showsWhatTheVersionsWereAndWhichIsInForce() throws IOException {
        publish(naming("v1"), "--id=v1", "--author=ada", NEW_YEAR);
        publish(naming("v2"), "--id=v2", "--author=bob", "--effective-from=2100-01-01T00:00:00Z");
        publish("--again=v1", "--id=back", "--author=ada", "--effective-from=2100-02-01T00:00:00Z");
        Files.write(
                path("versions"),
                List.of(
                        "{\"id\":\"v3\",\"source\":\"no\",\"effectiveFrom\":\"2100-03-01T00:00:00Z\",\"author\":\"eve\"}"),
                StandardOpenOption.APPEND);

        CommandLineRun run = CommandLineRun.of("script", "history", "--spec=" + spec);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(
                        matchesPattern("record  published +effective from +author  outcome"),
                        matchesPattern("v1      " + TIME
                                + " +the beginning \\(2026-01-01T00:00:00Z\\)  ada     accepted, in force now"),
                        matchesPattern("v2      " + TIME + " +2100-01-01T00:00:00Z +bob     accepted"),
                        matchesPattern(
                                "back    " + TIME + " +2100-02-01T00:00:00Z +ada     accepted, version v1 again"),
                        matchesPattern(
                                "v3      - +2100-03-01T00:00:00Z +eve     refused: the time at which the record was"
                                        + " published must be known, but is not")));
    }

    @Test
    public void givesAVersionTheTimeAndAPartOfItsHashAsItsName() throws IOException {
        CommandLineRun run = publish(naming("v1"));
        String id = run.outLines().get(0).replaceFirst(" .*", "");

        assertThat(id, matchesPattern("\\d{8}T\\d{6}Z-[0-9a-f]{8}"));
        assertThat(
                publish("--again=" + id).outLines().get(0),
                matchesPattern("\\d{8}T\\d{6}Z-again is in .*, for events from " + TIME + " on"));
    }

    @Test
    public void sendsNothingTwice() throws IOException {
        publish(naming("v1"), "--id=v1", NEW_YEAR);

        CommandLineRun again = publish(naming("v1"), "--id=v1");

        assertThat(again.status(), is(Commands.DONE));
        assertThat(
                again.outLines(),
                contains("v1 is in " + path("versions")
                        + " already, for events from 2026-01-01T00:00:00Z on, and in force: nothing was sent"));
        assertThat(Files.readAllLines(path("versions")).size(), is(1));
    }

    @Test
    public void saysThatAVersionThatIsKnownIsNotInForceAndHowItWouldBe() throws IOException {
        publish(naming("v1"), "--id=v1", NEW_YEAR);
        publish(naming("v2"), "--id=v2");
        publish(naming("v3"), "--id=v3", "--effective-from=2100-01-01T00:00:00Z");

        CommandLineRun known = publish(naming("v1"), "--id=v1");

        assertThat(known.status(), is(Commands.FAILED));
        assertThat(
                known.outLines(),
                contains("v1 is in " + path("versions")
                        + " already, for events from 2026-01-01T00:00:00Z on, but version v2 is in force: nothing was sent."
                        + " --again=v1 puts it in force again"));
        assertThat(publish(naming("v3"), "--id=v3").status(), is(Commands.DONE));
        assertThat(Files.readAllLines(path("versions")).size(), is(3));
    }

    @Test
    public void waitsForWhatJobsOfItsRouteSayOfTheVersionThatItSent() throws Exception {
        CompletableFuture<CommandLineRun> publishing = CompletableFuture.supplyAsync(
                () -> publishing(script("function map(event) { return event }"), "--id=v1", NEW_YEAR, "--wait=PT5M"));
        ControlLog log = FileEvents.controlLog(path("versions").toString());
        eventually("the record", log::history, hasSize(1));
        Instant from = Instant.parse("2026-01-01T00:00:00Z");
        log.reply(List.of(
                new ControlReply("v1", List.of("no"), from.minusSeconds(60), null, "plays", "minutes"),
                new ControlReply("v0", List.of("no"), from, null, "plays", "minutes"),
                new ControlReply("v1", List.of("not here"), from, null, "plays", "hours")));
        Files.writeString(path("versions.replies"), "{\"record\":\"v1\"}\n", StandardOpenOption.APPEND);
        log.reply(List.of(new ControlReply("v1", List.of("neither here"), from, null, "views", "minutes")));
        log.reply(List.of(new ControlReply("v1", List.of(), from, "v1", "plays", "minutes")));

        CommandLineRun run = publishing.get();
        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(
                        "v1 is in " + path("versions")
                                + ", for events from 2026-01-01T00:00:00Z on, and for all before,"
                                + " as the first version",
                        "route hours of plays: refused: not here",
                        "route minutes of views: refused: neither here",
                        "route minutes of plays: accepted"));
    }

    @Test
    public void whatIsSentIsSentThoughNothingIsHeardOfIt() throws IOException {
        Files.createDirectories(path("versions.replies"));

        CommandLineRun run = publish(naming("v1"), "--id=v1", NEW_YEAR);

        assertThat(run.status(), is(Commands.DONE));
        assertThat(run.errLines().get(0), startsWith("what jobs say cannot be heard: "));
        assertThat(
                run.outLines().get(1),
                is("no running job of route minutes has answered; one that starts will find it accepted"));
    }

    @Test
    public void sendsNothingThatWouldBeRefused() throws IOException {
        publish(naming("v1"), "--id=v1", NEW_YEAR);

        assertThat(
                publish(naming("v2"), "--id=v2", NEW_YEAR).errLines(),
                contains(
                        matchesPattern(
                                "--effective-from: must be at least 500 ms after the record was published at "
                                        + TIME
                                        + ", but was 2026-01-01T00:00:00Z: what is past keeps its version\\. Without"
                                        + " --effective-from it counts from a second ahead on; router --script-version=ID runs past events by it")));
        assertThat(
                publish(naming("v2"), "--id=v1").errLines(),
                contains("--id: must be new, but 'v1' is that of an accepted record of another source"));
        assertThat(
                publish("--again=v9").errLines(),
                contains("--again: must be that of an accepted version, but was 'v9': the last ones are [v1]"));
        Path tests = Files.writeString(path("tests.json"), "[{\"event\": {\"id\": 1}, \"expect\": {\"by\": \"v3\"}}]");
        CommandLineRun untested = publish(naming("v2"), "--tests=" + tests);
        assertThat(untested.status(), is(Commands.WRONG));
        assertThat(
                untested.errLines(),
                contains("tests[0]: must give {\"by\":\"v3\"}, but gave {\"id\":1,\"by\":\"v2\"}"));
        CommandLineRun broken = publish(script("function map(event) {\n  return {\n"), "--id=v2");
        assertThat(broken.status(), is(Commands.WRONG));
        assertThat(broken.errLines().get(0), startsWith(path("script.js") + ": line "));
        assertThat(Files.readAllLines(path("versions")).size(), is(1));
    }

    @Test
    public void saysWhatIsWrongWithTheOptions() throws IOException {
        assertThat(publish().errLines(), contains("FILE: must be given, or --again, but not both"));
        assertThat(
                publish(naming("v1"), "--again=v1").errLines(),
                contains("FILE: must be given, or --again, but not both"));
        assertThat(
                publish(naming("v1"), "--effective-from=soon").errLines(),
                contains("--effective-from: must be a time such as 2026-02-01T00:00:00Z, but was soon"));
        CommandLineRun wrong =
                publish(naming("v1"), "--id=", "--author=a\tb", "--effective-from=2026-02-01T00:00:00.0001Z");
        assertThat(wrong.status(), is(Commands.WRONG));
        assertThat(
                wrong.errLines(),
                contains(
                        startsWith("--id: must be 1 to "),
                        is("--effective-from: must be in whole milliseconds, but was 2026-02-01T00:00:00.000100Z"),
                        startsWith("--author: must be 1 to ")));
        assertThat(
                publish(naming("v1"), "--route=hours").errLines(),
                contains("--route: must be one of minutes, but was hours"));
        assertThat(CommandLineRun.of("script", "history").errLines(), contains("--spec: is required"));
        Path plain = spec("plain", "script: {source: 'function filter(event) { return true }'}");
        assertThat(
                CommandLineRun.of("script", "history", "--spec=" + plain).errLines(),
                contains("--spec: must have a dynamic script, such as script: {dynamic: {kafka: {bootstrapServers:"
                        + " \"localhost:9092\", topic: play_script}}}"));
        Path both = Files.writeString(
                path("both.yaml"),
                Files.readString(spec)
                        .replace("routes:", "routes:\n  - {name: other, script: {dynamic: {file: o}}, sink: none}"));
        assertThat(
                CommandLineRun.of("script", "history", "--spec=" + both).errLines(),
                contains("--route: is required, one of other, minutes"));
        assertThat(
                CommandLineRun.of("script", "history", "--spec=" + both, "--route=minutes")
                        .outLines(),
                contains("no version yet in " + path("versions") + ", which is not there yet"));
    }

    @Test
    public void anEventIsProcessedByTheVersionOfItsTime() throws IOException {
        publish(naming("v1"), "--id=v1", NEW_YEAR);
        Instant second = from(publish(naming("v2"), "--id=v2"));
        Files.write(path("plays.jsonl"), List.of(event(1, second.minusMillis(1)), event(2, second)));
        for (String runner : List.of("direct", "flink-local")) {
            Path of = spec(runner, "script: {dynamic: {file: FOLDER/versions}}");

            CommandLineRun run = CommandLineRun.of("router", "--spec=" + of, "--runner=" + runner);

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(
                    lines(path("out/" + runner)),
                    containsInAnyOrder("{\"id\":1,\"by\":\"v1\"}", "{\"id\":2,\"by\":\"v2\"}"));
        }
        Audited audited = Audited.of(spec("direct", "script: {dynamic: {file: FOLDER/versions}}"), "direct");
        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("direct"), is(Map.of("expected", 2L, "held", 2L)));
    }

    @Test
    public void anotherVersionProcessesEverythingWhereThatIsSaid() throws IOException {
        publish(naming("v1"), "--id=v1", NEW_YEAR);
        Instant second = from(publish(naming("v2"), "--id=v2"));
        Files.write(path("plays.jsonl"), List.of(event(1, second.minusMillis(1)), event(2, second)));

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--script-version=v1");

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                lines(path("out/minutes")), containsInAnyOrder("{\"id\":1,\"by\":\"v1\"}", "{\"id\":2,\"by\":\"v1\"}"));
        assertThat(
                CommandLineRun.of("router", "--spec=" + spec, "--script-version=v3")
                        .errLines(),
                contains("--script-version: must be an accepted version in " + path("versions")
                        + ", for route minutes, but was v3: there are v1, v2"));
        Path plain = spec("plain", "script: {source: 'function filter(event) { return true }'}");
        CommandLineRun refused = CommandLineRun.of("router", "--spec=" + plain, "--script-version=v1");
        assertThat(refused.status(), is(Commands.WRONG));
        assertThat(
                refused.errLines(),
                contains("--script-version: must not be given where no route that runs has a dynamic script"));
    }

    /** A job of one version is audited with that version, and what it gave up is replayed with it, too. */
    @Test
    public void anAuditAndAReplayMayBeByOneVersion() throws IOException {
        publish(
                script("function map(event) { if (event.id == 1) throw new Error('no'); return {id: event.id} }"),
                "--id=v1",
                NEW_YEAR);
        publish(naming("v2"), "--id=v2");
        Instant old = Instant.parse("2026-01-02T00:00:00Z");
        Files.write(path("plays.jsonl"), List.of(event(1, old), event(2, old)));

        CommandLineRun.of("router", "--spec=" + spec, "--script-version=v1");

        Audited audited = Audited.of(spec, "direct", "--script-version=v1");
        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("minutes"), is(Map.of("expected", 2L, "held", 1L, "deadLettered", 1L)));
        assertThat(
                Audited.of(spec, "direct", "--script-version=v2").route("minutes"),
                is(Map.of("expected", 2L, "deadLettered", 1L, "missing", 1L, "foreign", 1L)));

        CommandLineRun replayed = CommandLineRun.of(
                "replay", "--spec=" + spec, "--deadLetters=" + path("out/dead"), "--script-version=v2");
        assertThat(replayed.err(), replayed.status(), is(Commands.DONE));
        assertThat(lines(path("out/minutes")), containsInAnyOrder("{\"id\":1,\"by\":\"v2\"}", "{\"id\":2}"));
        for (String command : List.of("audit", "replay")) {
            assertThat(
                    CommandLineRun.of(
                                    command,
                                    "--spec=" + spec,
                                    "--deadLetters=" + path("out/dead"),
                                    "--script-version=v3")
                            .errLines(),
                    contains("--script-version: must be an accepted version in " + path("versions")
                            + ", for route minutes, but was v3: there are v1, v2"));
        }
    }

    @Test
    public void anAuditWithoutAVersionIsRefusedAndMakesNoLog() throws IOException {
        CommandLineRun audited = CommandLineRun.of("audit", "--spec=" + spec);

        assertThat(audited.status(), is(Commands.WRONG));
        assertThat(
                audited.errLines(),
                contains("route minutes: must have a version of its script in " + path("versions")
                        + ", since an audit has no other to go by, but there is none yet: send one with"
                        + " `script publish FILE --route=minutes --spec=...`"));
        assertThat(Files.exists(path("versions")), is(false));
    }

    /** In a job of its own the route waits; a shared job would wait with all its routes. */
    @Test
    public void aSharedJobDoesNotStartWithoutAVersionOfEachScript() throws IOException {
        Files.writeString(
                spec,
                Files.readString(spec).replace("routes:", "isolation: shared\nroutes:\n  - {name: all, sink: none}"));

        CommandLineRun refused = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(refused.status(), is(Commands.WRONG));
        assertThat(
                refused.errLines(),
                contains("route minutes: must have a version of its script in " + path("versions")
                        + ", since all routes that share the job would wait for it, but there is none yet: send one with"
                        + " `script publish FILE --route=minutes --spec=...`"));

        publish(naming("v1"), "--id=v1", NEW_YEAR);
        Files.write(path("plays.jsonl"), List.of(event(1, Instant.parse("2026-01-02T00:00:00Z"))));
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(lines(path("out/minutes")), contains("{\"id\":1,\"by\":\"v1\"}"));
    }

    @Test
    public void anAuditSaysNothingToTheLog() throws IOException {
        publish(script("function map(event) { throw new Error('no') }"), "--id=v1", NEW_YEAR);
        Files.write(path("plays.jsonl"), List.of(event(1, Instant.parse("2026-01-02T00:00:00Z"))));
        String log = Files.readString(path("versions"));

        Audited.of(spec, "direct");

        assertThat(Files.readString(path("versions")), is(log));
        assertThat(Files.exists(path("versions.replies")), is(false));
    }

    @Test
    public void explainsWhereVersionsComeFrom() {
        assertThat(
                CommandLineRun.of("router", "explain", "--spec=" + spec).out(),
                containsString("  minutes: every event, javascript script in versions from " + path("versions")
                        + ", to files "));
    }

    @Test
    public void helpTeaches() {
        assertThat(
                CommandLineRun.of("script", "publish", "--help").out(),
                containsString("  script publish --again=20260131T120000Z-1a2b3c4d --spec=play-events.yaml"));
        assertThat(
                CommandLineRun.of("script", "history", "--help").out(),
                containsString("  script history --spec=play-events.yaml --route=minutes"));
        assertThat(CommandLineRun.of("script", "--help").errLines(), is(empty()));
        assertThat(CommandLineRun.of("script", "--help").out(), not(containsString("null")));
    }

    private CommandLineRun publish(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--wait=PT0S"));
        all.addAll(List.of(arguments));
        return publishing(all.toArray(String[]::new));
    }

    private CommandLineRun publishing(String... arguments) {
        List<String> all = new ArrayList<>(List.of("script", "publish", "--spec=" + spec));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private static Instant from(CommandLineRun published) {
        return Instant.parse(published.outLines().get(0).replaceFirst(".* from (\\S+) on", "$1"));
    }

    /** A script whose results say by which version they were made. */
    private String naming(String version) {
        return script("function map(event) { return {id: event.id, by: '" + version + "'} }");
    }

    private String script(String text) {
        try {
            return Files.writeString(path("script.js"), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String event(int id, Instant time) {
        return "{\"id\":" + id + ",\"ts\":\"" + time + "\"}";
    }

    private Path spec(String route, String script) throws IOException {
        return Files.writeString(path(route + ".yaml"), """
                name: plays
                source:
                  files: {path: FOLDER/plays.jsonl}
                  eventTime: event.ts
                routes:
                  - name: ROUTE
                    SCRIPT
                    sink: {files: {path: FOLDER/out/ROUTE}}
                deadLetters: {files: {path: FOLDER/out/dead}}
                """.replace("SCRIPT", script)
                .replace("ROUTE", route)
                .replace("FOLDER", folder.getRoot().toString()));
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }
}
