package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Scripts tried on sample events: what a person sees. */
public class ScriptTestCommandTest {
    private static final String DEVICES = """
            function flatMap(event) {
              return event.devices.map(function (name) { return {id: event.id, device: name} })
            }
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void showsBeforeAndAfterOfEachEvent() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                script(DEVICES),
                events(
                        "{\"id\":1,\"devices\":[\"tv\",\"phone\"]}",
                        "",
                        "{\"id\":2.50,\"devices\":[]}",
                        "{\"id\":3,\"devices\":[\"" + "long ".repeat(10) + "\",\"" + "longer ".repeat(10) + "\"]}"));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(run.out(), is("""
                1   before  {"id": 1, "devices": ["tv", "phone"]}
                    after   {"id": 1, "device": "tv"}
                            {"id": 1, "device": "phone"}

                2   before  {"id": 2.50, "devices": []}
                    after   nothing

                3   before  {
                              "id": 3,
                              "devices": [
                                "long long long long long long long long long long ",
                                "longer longer longer longer longer longer longer longer longer longer "
                              ]
                            }
                    after   {"id": 3, "device": "long long long long long long long long long long "}
                            {"id": 3, "device": "longer longer longer longer longer longer longer longer longer longer "}

                3 events: 2 gave 4 results, 1 gave none, 0 failed
                """.replace("\n", System.lineSeparator())));
    }

    @Test
    public void showsTheLineInWhichAnEventFailsAndGoesOn() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "script", "test", script(DEVICES), events("{\"id\":1}", "{\"id\":2,\"devices\":[\"tv\"]}", "{\"id\":"));

        assertThat(run.err(), run.status(), is(Commands.FAILED));
        List<String> lines = run.outLines();
        assertThat(lines.get(0), is("1   before  {\"id\": 1}"));
        assertThat(lines.get(1), startsWith("    failed  scriptFailed: line 2"));
        assertThat(
                lines.get(2),
                is("              return event.devices.map(function (name) { return {id: event.id, device: name} })"));
        assertThat(
                lines.stream().filter(line -> line.startsWith("    after")).toList(),
                contains("    after   {\"id\": 2, \"device\": \"tv\"}"));
        assertThat(
                lines.subList(lines.indexOf("3   before  {\"id\":"), lines.size()),
                contains(
                        is("3   before  {\"id\":"),
                        startsWith("    failed  notJson: "),
                        is(""),
                        is("3 events: 1 gave 1 result, 0 gave none, 2 failed")));
    }

    @Test
    public void eventsHaveTheTimeThatAnExpressionGives() throws IOException {
        String script = script("function map(event, context) { return {time: context.time, now: Date.now()} }");

        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                script,
                events("{\"ts\":\"2026-01-31T12:00:00Z\"}", "{\"ts\":17}", "{}"),
                "--event-time=event.ts");

        assertThat(run.err(), run.status(), is(Commands.FAILED));
        assertThat(
                run.outLines().stream().filter(line -> line.startsWith("    ")).toList(),
                contains(
                        "    after   {\"time\": 1769860800000, \"now\": 1769860800000}",
                        "    after   {\"time\": 17, \"now\": 17}",
                        "    failed  eventTimeUnreadable: the event's time: no such field 'ts'"));
        assertThat(
                CommandLineRun.of("script", "test", script, events("{}"), "--event-time=evnt.ts")
                        .errLines(),
                contains(startsWith("--event-time: ")));
    }

    @Test
    public void eventsAndTestsWithoutATimeAreOfNow() throws IOException {
        long before = System.currentTimeMillis();
        String script = script("function map(event, context) {\n"
                + "  return {recent: context.time >= " + before + " && context.time < " + before + " + 600000}\n"
                + "}\n");

        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                script,
                events("{}"),
                tests("[{\"event\": {}, \"expect\": {\"recent\": true}},"
                        + " {\"event\": {}, \"time\": \"2026-01-31T12:00:00Z\", \"expect\": {\"recent\": false}}]"));

        assertThat(run.err() + run.out(), run.status(), is(Commands.DONE));
        assertThat(run.outLines().get(1), is("    after   {\"recent\": true}"));
        assertThat(run.outLines().get(run.outLines().size() - 1), is("2 tests: as expected"));
    }

    @Test
    public void readsStandardInputUnlessAFileIsNamed() throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("{\"id\":1}\n{\"id\":2}\n".getBytes(StandardCharsets.UTF_8)));
        try {
            CommandLineRun run = CommandLineRun.of(
                    "script", "test", script("function filter(event) { return event.id > 1 }"), "--function=filter");

            assertThat(
                    run.outLines(),
                    contains(
                            "1   before  {\"id\": 1}",
                            "    after   nothing",
                            "",
                            "2   before  {\"id\": 2}",
                            "    after   the same",
                            "",
                            "2 events: 1 gave 1 result, 1 gave none, 0 failed"));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    public void showsWhereAScriptIsWrongAndReadsNothing() throws IOException {
        String script = script("function map(event) {\n\treturn {id: event.id\n}\n");

        CommandLineRun run = CommandLineRun.of("script", "test", script, events("{}"));

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.outLines(), is(empty()));
        assertThat(run.errLines().get(0), matchesPattern("\\Q" + script + "\\E: line [34], column [0-9]+: .+"));
        assertThat(run.errLines().get(2), matchesPattern(" +\\^"));
    }

    @Test
    public void comparesWithWhatIsExpected() throws IOException {
        String tests = tests("""
                [{"event": {"id": 1, "devices": ["tv"]}, "expect": {"device": "tv", "id": 1.0}},
                 {"event": {"id": 2, "devices": []}, "expect": null},
                 {"event": {"id": 3, "devices": ["tv"]}, "expect": [{"id": 3, "device": "car"}]}]
                """);

        CommandLineRun run = CommandLineRun.of("script", "test", script(DEVICES), tests);

        assertThat(run.err(), run.status(), is(Commands.FAILED));
        assertThat(
                run.outLines(),
                contains(
                        "tests[2] must give [{\"id\":3,\"device\":\"car\"}], but gave {\"id\":3,\"device\":\"tv\"}",
                        "3 tests: 1 not as expected"));
    }

    @Test
    public void runsEventsAndTests() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                script("function filter(event) { return event.id > 1 }"),
                events("{\"id\":1}"),
                tests("[{\"event\": {\"id\": 2}, \"expect\": true}]"));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(
                        "1   before  {\"id\": 1}",
                        "    after   nothing",
                        "",
                        "1 event: 0 gave 0 results, 1 gave none, 0 failed",
                        "1 test: as expected"));
    }

    @Test
    public void saysWhatIsWrongWithTests() throws IOException {
        assertThat(
                CommandLineRun.of("script", "test", script(DEVICES), tests("[{\"event\": 1}]"))
                        .errLines(),
                contains(
                        "--tests: tests[0].event must be an object, but was 1",
                        "--tests: tests[0].expect must be given"));
        assertThat(
                CommandLineRun.of("script", "test", script(DEVICES), "--tests=no/such.json")
                        .errLines(),
                contains("--tests: must be a file that can be read, but there is no file 'no/such.json' in "
                        + Path.of("").toAbsolutePath()));
        assertThat(
                CommandLineRun.of("script", "test", script(DEVICES), tests("[]"))
                        .errLines(),
                contains("--tests: must have a test at least, but " + folder.getRoot() + "/tests.json has none"));
    }

    @Test
    public void saysWhatIsWrongWithTheOptions() throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                folder.getRoot() + "/none.js",
                "--events=" + folder.getRoot() + "/none.jsonl",
                "--function=fold",
                "--language=cobol");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains(
                        "--function: must be one of filter, map, flatMap, but was fold",
                        "--language: must be one of [javascript], but was 'cobol': another one needs its engine on the class"
                                + " path, which -Pgraaljs adds for graaljs",
                        "--events: must be a file that can be read, but there is no file '" + folder.getRoot()
                                + "/none.jsonl'",
                        "FILE: must have a script in UTF-8, but there is no file '" + folder.getRoot() + "/none.js'"));
        assertThat(
                CommandLineRun.of("script", "test", script(" ")).errLines(),
                contains("FILE: must have a script, but " + folder.getRoot() + "/script.js is empty"));
    }

    @Test
    public void saysWhyAFileCannotBeRead() throws IOException {
        assertThat(
                CommandLineRun.of("script", "test", "none.js").errLines(),
                contains("FILE: must have a script in UTF-8, but there is no file 'none.js' in "
                        + Path.of("").toAbsolutePath()));
        assertThat(
                CommandLineRun.of("script", "test", "samples", "--events=samples")
                        .errLines(),
                contains(
                        "--events: must be a file that can be read, but 'samples' is a folder",
                        "FILE: must have a script in UTF-8, but 'samples' is a folder"));
        Path latin = Files.write(folder.getRoot().toPath().resolve("latin.js"), new byte[] {'/', '/', (byte) 0xe9});
        assertThat(
                CommandLineRun.of("script", "test", latin.toString()).errLines(),
                contains("FILE: must have a script in UTF-8, but '" + latin + "' is not in UTF-8"));
    }

    @Test
    public void asksForWhatIsMissing() {
        assertThat(
                CommandLineRun.of("script").errLines(),
                contains(
                        startsWith("COMMAND: is required, one of test"),
                        is("--help says what there is: script --help")));
        assertThat(
                CommandLineRun.of("script", "test").errLines(),
                contains("FILE: is required", "--help says what there is: script test --help"));
        assertThat(
                CommandLineRun.of("script", "test", "--help").out(),
                allOf(
                        containsString("  script test play-minutes.js --events=events.jsonl"),
                        containsString("There is no console"),
                        containsString("Numbers are doubles")));
    }

    /** The sample's script has an answer to the first of the bundled events. */
    @Test
    public void triesTheSample() throws IOException {
        Path samples = Path.of("samples");

        CommandLineRun run = CommandLineRun.of(
                "script",
                "test",
                samples.resolve("play-minutes.js").toString(),
                "--events=" + samples.resolve("play-events/play-events.jsonl.gz"),
                "--tests=" + samples.resolve("play-minutes.tests.json"));

        assertThat(
                run.outLines().stream()
                        .filter(line -> line.startsWith("    after"))
                        .findFirst()
                        .orElseThrow(),
                is("    after   {\"title_id\": \"t-000128\", \"screen\": \"large\", \"minutes\": 45}"));
        assertThat(
                run.outLines().get(run.outLines().size() - 2),
                matchesPattern("10000 events: \\d+ gave \\d+ results, \\d+ gave none, \\d+ failed"));
        assertThat(run.outLines().get(run.outLines().size() - 1), is("3 tests: as expected"));
    }

    private String script(String text) throws IOException {
        return Files.writeString(folder.getRoot().toPath().resolve("script.js"), text)
                .toString();
    }

    private String tests(String json) throws IOException {
        return "--tests=" + Files.writeString(folder.getRoot().toPath().resolve("tests.json"), json);
    }

    private String events(String... lines) throws IOException {
        return "--events=" + Files.write(folder.getRoot().toPath().resolve("events.jsonl"), List.of(lines));
    }
}
