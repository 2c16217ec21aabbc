package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL_CLUSTER;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.kafka.ControlTopic;
import io.millrace.transforms.script.Script;
import io.millrace.transforms.script.ScriptException;
import io.millrace.transforms.script.ScriptFunction;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.engine.ScriptEngines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Scripts of routes: how they are read, and what is said of those that are wrong. */
public class ScriptRulesTest {
    private static final String MAP = "function map(event) { return {id: event.id} }";
    private static final String BROKEN =
            "function map(event) {\n  return {id: event.id}\n}\n\nfunction map2(event { }\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsEverythingThatAScriptCanSay() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("scripts.yaml"), LOCAL);

        ScriptSpec minutes = spec.routes().get(0).script();
        assertThat(
                minutes.script(),
                is(
                        Script.javascript(
                                "function map(event) {\n  return { title: event.title_id, minutes: event.duration_s / 60 }\n}\n")));
        assertThat(minutes.scriptLimits(), is(ScriptLimits.DEFAULT));
        ScriptSpec devices = spec.routes().get(1).script();
        assertThat(devices.script().function(), is(ScriptFunction.FLAT_MAP));
        assertThat(devices.scriptLimits(), is(new ScriptLimits(Duration.ofMillis(10), 10, 1_000, 20, 1_000_000)));
        ScriptSpec changing = spec.routes().get(2).script();
        assertThat(
                changing.dynamic().kafka(),
                is(new ControlTopic("localhost:9092", "play_script", Map.of("linger.ms", "5"))));
        assertThat(changing.withdraw(), is(new WithdrawSpec(0.25, 500)));
        ScriptSpec here = spec.routes().get(3).script();
        assertThat(here.dynamic().file(), is("play-script.versions"));
        assertThat(here.withdraw(), is(new WithdrawSpec(0.5, 1_000)));
    }

    @Test
    public void aFileIsInlinedSoThatTheSpecNeedsNoOther() throws Exception {
        Path file = file(MAP);

        RouterSpec spec = read("{file: " + file + "}", REMOTE);
        Files.delete(file);

        assertThat(spec.routes().get(0).script().file(), is(nullValue()));
        assertThat(spec.routes().get(0).script().script(), is(Script.javascript(MAP)));
        assertThat(SpecReader.read(spec.json(), REMOTE), is(spec));
        assertThat(spec, is(read("{source: '" + MAP + "'}", REMOTE)));
    }

    @Test
    public void theVersionOfTheSpecChangesWithTheTextOfTheFile() throws Exception {
        Path file = file(MAP);
        String before = read("{file: " + file + "}", LOCAL).specVersion();
        Files.writeString(file, MAP.replace("id:", "key:"));

        assertThat(read("{file: " + file + "}", LOCAL).specVersion(), is(not(before)));
    }

    @Test
    public void saysWhereInTheTextOfTheSpecAScriptIsWrong() {
        List<SpecProblem> problems = problems("{source: " + Plain.canonicalJson(BROKEN) + "}");

        assertThat(texts(problems), is(ofEngine("routes[0].script.source: ", BROKEN)));
        assertThat(texts(problems).get(0), startsWith("routes[0].script.source: line 5, column "));
        assertThat(problems.get(0).line(), is(4));
        assertThat(problems.get(0).column(), is(21));
    }

    @Test
    public void saysWhereInItsFileAScriptIsWrong() throws IOException {
        Path file = file(BROKEN);

        assertThat(
                texts(problems("{file: " + file + "}")),
                is(ofEngine("routes[0].script.file: " + Words.shortened(file.toString()) + " ", BROKEN)));
    }

    @Test
    public void saysThatAFunctionIsMissing() {
        String other = "function fold(event) { return 1 }";

        assertThat(texts(problems("{source: '" + other + "'}")), is(ofEngine("routes[0].script.source: ", other)));
        assertThat(texts(problems("{source: '" + MAP + "', function: flatMap}")), is(not(empty())));
    }

    @Test
    public void saysWhichLanguagesThereAre() {
        assertThat(
                texts(problems("{language: cobol, source: '" + MAP + "'}")),
                contains("routes[0].script.language: must be one of [javascript], but was 'cobol': another one needs"
                        + " its engine on the class path, which -Pgraaljs adds for graaljs"));
    }

    @Test
    public void asksForExactlyOneText() {
        assertThat(texts(problems("{}")), contains("routes[0].script: must have exactly one of file, source, dynamic"));
        assertThat(
                texts(problems("{source: '" + MAP + "', file: f.js}")),
                contains("routes[0].script: must have exactly one of file, source, dynamic"));
    }

    @Test
    public void refusesAnEmptyText() throws IOException {
        Path file = file(" \n");

        assertThat(texts(problems("{source: ''}")), contains("routes[0].script.source: must not be empty, but was ''"));
        assertThat(
                texts(problems("{file: " + file + "}")),
                contains("routes[0].script.file: must have a script in UTF-8, but " + Words.quoted(file.toString())
                        + " is empty"));
    }

    @Test
    public void refusesATextThatIsTooLong() throws IOException {
        Path file = file(MAP + " ".repeat(1_000_000));

        assertThat(
                texts(problems("{file: " + file + "}")),
                contains("routes[0].script.file: source must have at most 1000000 characters, but has "
                        + (1_000_000 + MAP.length())));
    }

    @Test
    public void refusesAFileThatCannotBeRead() throws IOException {
        Path binary =
                Files.write(folder.getRoot().toPath().resolve("b"), "\u00e4".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(
                texts(problems("{file: no/such.js}")),
                contains("routes[0].script.file: must have a script in UTF-8, but there is no file 'no/such.js' in "
                        + Path.of("").toAbsolutePath()));
        assertThat(
                texts(problems("{file: src}")),
                contains("routes[0].script.file: must have a script in UTF-8, but 'src' is a folder"));
        assertThat(
                texts(problems("{file: " + binary + "}")),
                contains("routes[0].script.file: must have a script in UTF-8, but '" + binary + "' is not in UTF-8"));
    }

    @Test
    public void refusesLimitsWithWhichNothingCanRun() {
        assertThat(
                texts(problems("{source: '" + MAP + "', limits: {time: PT0S}}")),
                contains("routes[0].script.limits.time: must be positive, but was PT0S"));
        assertThat(
                texts(problems("{source: '" + MAP + "', limits: {outputs: 0}}")),
                contains("routes[0].script.limits.outputs: must be at least 1, but was 0"));
        assertThat(
                texts(problems("{source: '" + MAP + "', function: fold}")),
                contains("routes[0].script.function: must be filter or map or flatMap, but was 'fold'"));
    }

    @Test
    public void asksForVersionsOfOneKindAndForLimitsThatMakeSense() {
        assertThat(
                texts(problems("{dynamic: {}}")),
                contains("routes[0].script.dynamic: must have exactly one of kafka, file"));
        assertThat(
                texts(problems("{dynamic: {file: ''}}")),
                contains("routes[0].script.dynamic.file: must not be empty, but was ''"));
        assertThat(
                texts(problems("{dynamic: {kafka: {bootstrapServers: 'a:1', topic: t, properties: {acks: 1}}}}")),
                contains("routes[0].script.dynamic.kafka.properties: must leave acks to Millrace, but set it"));
        assertThat(
                texts(problems("{dynamic: {file: v}, withdraw: {share: 0}}")),
                contains("routes[0].script.withdraw.share: must be above 0 and at most 1, but was 0.0"));
        assertThat(
                texts(problems("{dynamic: {file: v}, withdraw: {share: half}}")),
                contains("routes[0].script.withdraw.share: must be a number, but was 'half'"));
        assertThat(
                texts(problems("{dynamic: {file: v}, withdraw: {over: 0}}")),
                contains("routes[0].script.withdraw.over: must be from 1 to 2147483647, but was 0"));
        assertThat(
                texts(problems("{source: '" + MAP + "', withdraw: {}}")),
                contains(
                        "routes[0].script.withdraw: must not be given where the script has one text, to which there is no"
                                + " version before"));
    }

    @Test
    public void versionsNeedEventTimes() {
        assertThat(
                texts(problemsOf("""
                        name: scripted
                        source: {files: {path: data}}
                        routes: [{name: all, script: {dynamic: {file: v}}, sink: none}]
                        """, LOCAL)),
                contains(
                        "routes[0].script.dynamic: needs event times, and files have none: source.eventTime must be given"));
    }

    @Test
    public void aClusterDoesNotShareTheFileOfVersions() {
        assertThat(
                texts(problemsOf(spec("{dynamic: {file: /tmp/v}}"), REMOTE)),
                contains(
                        "routes[0].script.dynamic.file: must not be a path of this machine, which a cluster's workers do not"
                                + " share, but was '/tmp/v'"));
        assertThat(
                texts(problemsOf(spec("{dynamic: {file: v}}"), LOCAL_CLUSTER)),
                contains(
                        "routes[0].script.dynamic.file: must be absolute, since a cluster's processes have working folders"
                                + " of their own, but was 'v'"));
    }

    @Test
    public void versionsHaveATopicOfTheirOwn() {
        assertThat(
                texts(problems("{dynamic: {kafka: {bootstrapServers: 'localhost:9092', topic: plays}}}")),
                contains(
                        "routes[0].script.dynamic.kafka.topic: must be the script's own, and so must <topic>-replies, but"
                                + " source.kafka.topics has 'plays'"));
        assertThat(
                texts(problemsOf("""
                        name: scripted
                        isolation: shared
                        source: {kafka: {bootstrapServers: "localhost:9092", topics: [plays]}}
                        routes:
                          - name: all
                            script: {dynamic: {kafka: {bootstrapServers: "localhost:9092", topic: parked-versions}}}
                            sink: {kafka: {bootstrapServers: "localhost:9092", topic: parked-versions-replies}}
                        parking: {kafka: {bootstrapServers: "localhost:9092", topicPrefix: parked}}
                        """, LOCAL)),
                hasItems(
                        "routes[0].script.dynamic.kafka.topic: must be the script's own, and so must <topic>-replies, but"
                                + " routes[0].sink.kafka.topic has 'parked-versions-replies'",
                        "parking.kafka.topicPrefix: must begin no other topic's name, since <topicPrefix>-<route> is where a"
                                + " route's events wait, but was 'parked', and routes[0].script.dynamic.kafka.topic has"
                                + " 'parked-versions'"));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.getRoot().toPath().resolve("f.js"), text);
    }

    private static String spec(String script) {
        return """
                name: scripted
                source: {kafka: {bootstrapServers: "localhost:9092", topics: [plays]}}
                routes:
                - {script: SCRIPT,
                   name: all, sink: none}
                deadLetters: none
                """.replace("SCRIPT", script);
    }

    private static RouterSpec read(String script, Target target) throws SpecProblems {
        return SpecReader.read(spec(script), target);
    }

    private static List<SpecProblem> problems(String script) {
        return problemsOf(spec(script), LOCAL);
    }

    private static List<SpecProblem> problemsOf(String spec, Target target) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(spec, target))
                .problems();
    }

    private static List<String> texts(List<SpecProblem> problems) {
        return problems.stream().map(SpecProblem::toString).toList();
    }

    private static List<String> ofEngine(String path, String source) {
        ScriptException refused = assertThrows(
                ScriptException.class,
                () -> ScriptEngines.of(Script.JAVASCRIPT).compile(Script.javascript(source), ScriptLimits.DEFAULT));
        return refused.problems().stream()
                .map(problem -> path + ScalarForm.said(problem))
                .toList();
    }
}
