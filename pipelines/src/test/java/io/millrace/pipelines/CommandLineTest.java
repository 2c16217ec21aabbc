package io.millrace.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CommandLineTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void refusesARehearsalForNoTime() {
        CommandLineRun run = CommandLineRun.of(
                "rewind",
                "rehearse",
                "--job=plays",
                "--flinkMaster=[local]",
                "--to=yesterday",
                "--within=PT0S",
                "--nonsense");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.err(), containsString("--flinkMaster: must be the host:port of a cluster"));
        assertThat(run.err(), containsString("--to: must be a time such as 2026-01-31T09:40:00Z, but was yesterday"));
        assertThat(run.err(), containsString("--within: must be above 0, but was PT0S"));
        assertThat(run.err(), containsString("--nonsense: is not an option"));
    }

    @Test
    public void refusesToGoBackToTheFuture() {
        CommandLineRun run = CommandLineRun.of(
                "rewind", "plan", "--job=plays", "--flinkMaster=[local]", "--to=2999-01-31T09:40:00Z");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.err(),
                containsString("--to: must not be in the future, but was 2999-01-31T09:40:00Z, and it is 20"));
    }

    @Test
    public void helpListsTheCommandsAndTeaches() {
        CommandLineRun help = CommandLineRun.of("--help");

        assertThat(help.status(), is(Commands.DONE));
        assertThat(help.out(), containsString("  router        Runs a router"));
        assertThat(help.out(), containsString("  enrich        Enriches events"));
        assertThat(help.out(), containsString("  validate      Checks a spec and starts nothing."));
        assertThat(
                help.out(), containsString("Exit status: 0 done, or submitted; 1 failed while running; 2 wrong spec"));
    }

    @Test
    public void helpOfACommandHasExamples() {
        CommandLineRun help = CommandLineRun.of("router", "--help");

        assertThat(help.status(), is(Commands.DONE));
        assertThat(
                help.out(),
                containsString("  router --spec=pipelines/samples/play-events.yaml --summary=out/summary.json"));
    }

    @Test
    public void asksForACommand() {
        CommandLineRun run = CommandLineRun.of();

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines().get(0),
                is(
                        "COMMAND: is required, one of router, enrich, join, view, rewind, restate, validate, replay, dead-letters, audit, script"));
    }

    @Test
    public void suggestsTheCommandThatWasMeant() {
        CommandLineRun run = CommandLineRun.of("ruoter");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines().get(0), is("ruoter: is not a command or option, did you mean router?"));
    }

    @Test
    public void asksForTheSpec() {
        CommandLineRun run = CommandLineRun.of("router");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines().get(0), is("--spec: is required"));
    }

    @Test
    public void saysThatASpecIsRight() throws IOException {
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("validate", "--spec=" + spec);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                run.outLines(),
                contains(matchesPattern(".*spec.yaml is right: pipeline plays, routes all, specVersion [0-9a-f]{16}")));
    }

    @Test
    public void reportsEveryProblemOfSpecAndOptionsOneALineAndNoStackTrace() throws IOException {
        Path spec = spec(
                "name: Plays\nsource: {files: {path: data}}\nroutes: [{name: all, filter: 'event.x >', sink: {non: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--paralelism=2", "--targetParallelism=x");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.err(), not(containsString("\tat ")));
        assertThat(
                run.errLines().stream()
                        .map(line -> line.replaceFirst(": .*", ""))
                        .toList(),
                contains("name", "routes[0].filter", "routes[0].sink", "--paralelism", "--targetParallelism"));
        assertThat(run.errLines(), hasItem("--paralelism: is not an option, did you mean --parallelism?"));
    }

    @Test
    public void namesTheRoutesThereAre() throws IOException {
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--route=everything");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines(), contains("--route: must be one of all, but was everything"));
    }

    @Test
    public void toEnrichEveryRouteMustLookSomethingUp() throws IOException {
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes:\n"
                + "  - {name: all, enrich: [{into: a, key: event.a, http: {url: 'http://localhost/{key}'}}], sink: {none: {}}}\n"
                + "  - {name: plain, sink: {none: {}}}\n");

        CommandLineRun run = CommandLineRun.of("enrich", "--spec=" + spec);

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains(
                        "routes[1].enrich: is required by enrich, of every route; router runs routes that look nothing up"));
        assertThat(
                CommandLineRun.of("enrich", "--help").out(),
                containsString("  enrich --spec=pipelines/samples/play-titles.yaml"));
    }

    @Test
    public void asksForTheSpecToExplain() {
        CommandLineRun run = CommandLineRun.of("router", "explain");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines(), contains("--spec: is required"));
        assertThat(
                CommandLineRun.of("router", "explain", "--help").out(),
                containsString("  router explain --spec=pipelines/samples/play-events.yaml"));
    }

    @Test
    public void aHandOverNeedsASpecAndACluster() {
        CommandLineRun run = CommandLineRun.of("router", "hand-over");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                hasItems(
                        "--spec: is required",
                        "--flinkMaster: is required: the host:port of the cluster's REST interface"));
        assertThat(
                CommandLineRun.of("router", "hand-over", "--help").out(),
                containsString("  router hand-over --spec=play-events.yaml --flinkMaster=localhost:8081"));
    }

    @Test
    public void aHandOverIsOfKafkaAlone() throws IOException {
        Path spec = Files.writeString(
                folder.newFile().toPath(),
                "name: plays\nsource: {files: {path: /data}}\nroutes: [{name: one, sink: none}]\ndeadLetters: none\n");

        CommandLineRun run = CommandLineRun.of("router", "hand-over", "--spec=" + spec, "--flinkMaster=localhost:1");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                hasItem("source: must be of Kafka, since how far files have been read is not handed over"));
    }

    @Test
    public void runsNoRouteAloneThatSharesAJob() throws IOException {
        Path spec = spec("name: plays\nisolation: shared\nsource: {files: {path: data}}\n"
                + "routes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--route=all");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.errLines(), contains("--route: must not be given where routes share a job"));
    }

    @Test
    public void takesNoOffsetsWhereTwoSourcesHaveATopicOfTheSameName() throws IOException {
        Path spec = spec("name: plays\nisolation: shared\nsources:\n"
                + "  here: {kafka: {bootstrapServers: 'a:1', topics: [plays]}}\n"
                + "  there: {kafka: {bootstrapServers: 'b:1', topics: [plays]}}\n"
                + "routes: [{name: all, sink: {none: {}}}]\n");

        assertThat(
                CommandLineRun.of("router", "--spec=" + spec, "--upgrade", "--source=offsets")
                        .errLines(),
                hasItem(
                        "--source: must be state or start where two sources have a topic of the same name, whose offsets a state"
                                + " does not tell apart, such as plays, but was offsets"));
    }

    @Test
    public void takesThePathOfAStateForOneJob() throws IOException {
        String isolated = "name: plays\nsource: {kafka: {bootstrapServers: 'a:1', topics: [plays]}}\n"
                + "routes: [{name: all, sink: {none: {}}}]\n";
        String problem =
                "--restore: must be latest or none, or without --upgrade the state of one job: with --route, where routes"
                        + " are isolated";

        assertThat(
                CommandLineRun.of("router", "--spec=" + spec(isolated), "--restore=/state")
                        .errLines(),
                hasItem(problem));
        assertThat(
                CommandLineRun.of(
                                "router",
                                "--spec=" + folder.getRoot() + "/spec.yaml",
                                "--restore=/state",
                                "--route=all")
                        .errLines(),
                not(hasItem(problem)));
    }

    @Test
    public void saysWhichJobFailedWhereRoutesShareIt() throws IOException {
        Path data = folder.newFolder("data").toPath();
        Files.writeString(data.resolve("plays.jsonl"), "{}\n");
        Path blocked =
                Files.writeString(folder.getRoot().toPath().resolve("blocked"), "a file where a folder should be");
        Path spec = spec("name: plays\nisolation: shared\nsource: {files: {path: " + data
                + "}}\nroutes:\n  - {name: bad, sink: {files: {path: " + blocked
                + "/below}}}\n  - {name: good, sink: {none: {}}}\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(run.outLines().get(1), matchesPattern("bad .* failed"));
        assertThat(run.outLines().get(2), matchesPattern("good .* failed"));
        assertThat(run.errLines().get(0), matchesPattern("job plays failed: .*blocked.*"));
    }

    @Test
    public void takesTheAddressOfAClusterForAClusterAlone() throws IOException {
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--flinkMaster=localhost:8081");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains("--flinkMaster: must be given with --runner=flink alone, but the runner was direct"));
    }

    @Test
    public void takesASourcesChoiceForAStateOnAClusterAlone() throws IOException {
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: all, sink: {none: {}}}]\n");

        assertThat(
                CommandLineRun.of("router", "--spec=" + spec, "--source=offsets")
                        .errLines(),
                hasItem("--source: must be given with --upgrade or --restore alone"));
        assertThat(
                CommandLineRun.of("router", "--spec=" + spec, "--upgrade", "--source=all")
                        .errLines(),
                hasItems(
                        "--source: must be one of state, offsets, start, but was all",
                        "--upgrade: must be given with --runner=flink alone"));
        assertThat(
                CommandLineRun.of("router", "--spec=" + spec, "--upgrade", "--source=offsets")
                        .errLines(),
                hasItem("--source: must be state where the spec reads files, but was offsets"));
    }

    @Test
    public void refusesPathsThatMeanSomethingElseToAClusterOnThisMachine() throws IOException {
        Path spec = spec("name: plays\nsource: {kafka: {bootstrapServers: 'localhost:9092', topics: [plays]}}\n"
                + "routes: [{name: all, sink: {files: {path: out/all}}}]\n");

        CommandLineRun run =
                CommandLineRun.of("validate", "--spec=" + spec, "--runner=flink", "--flinkMaster=127.0.0.1:8081");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(
                run.errLines(),
                contains(
                        "deadLetters: is required where the pipeline runs on a cluster",
                        "routes[0].sink.files.path: must be absolute, since a cluster's processes have working folders of their"
                                + " own, but was 'out/all'"));
    }

    @Test
    public void saysWhyARouteFailedWithoutStoppingTheOthers() throws IOException {
        Path data = folder.newFolder("data").toPath();
        Files.writeString(data.resolve("plays.jsonl"), "{}\n");
        Path blocked =
                Files.writeString(folder.getRoot().toPath().resolve("blocked"), "a file where a folder should be");
        Path spec = spec(
                "name: plays\nsource: {files: {path: " + data + "}}\nroutes:\n  - {name: bad, sink: {files: {path: "
                        + blocked + "/below}}}\n  - {name: good, sink: {none: {}}}\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(run.status(), is(Commands.FAILED));
        assertThat(run.outLines().get(1), matchesPattern("bad .* failed"));
        assertThat(run.outLines().get(2), matchesPattern("good +1 +1 +0 +0 +done"));
        assertThat(run.errLines().get(0), matchesPattern("route bad failed: .*blocked.*"));
        assertThat(run.err(), not(containsString("\tat ")));
    }

    @Test
    public void takesTheSpecsOfTheReadme() throws IOException {
        List<String> specs = Stream.of(
                        Files.readString(Path.of("..", "README.md")).split("```yaml\n"))
                .filter(text -> text.startsWith("name:"))
                .map(text -> text.substring(0, text.indexOf("```")))
                .toList();

        assertThat(
                specs.stream()
                        .map(text -> text.lines().findFirst().orElseThrow())
                        .toList(),
                contains("name: play-events", "name: plays", "name: conversions", "name: locations"));
        for (String spec : specs) {
            CommandLineRun run = CommandLineRun.of(
                    "validate", "--spec=" + Files.writeString(folder.newFile().toPath(), spec));
            assertThat(run.err(), run.status(), is(Commands.DONE));
        }
    }

    @Test
    public void refusesASummaryThatCannotBeWrittenBeforeAnythingRuns() throws IOException {
        Path blocked = folder.newFile("blocked").toPath();
        Path spec = spec("name: plays\nsource: {files: {path: data}}\nroutes: [{name: all, sink: {none: {}}}]\n");

        CommandLineRun intoAFolder = CommandLineRun.of("router", "--spec=" + spec, "--summary=" + folder.getRoot());
        CommandLineRun belowAFile =
                CommandLineRun.of("router", "--spec=" + spec, "--summary=" + blocked + "/below/summary.json");

        assertThat(intoAFolder.status(), is(Commands.WRONG));
        assertThat(
                intoAFolder.errLines(),
                contains("--summary: must be a file, but " + folder.getRoot() + " is a folder"));
        assertThat(belowAFile.status(), is(Commands.WRONG));
        assertThat(
                belowAFile.errLines(),
                contains(
                        "--summary: must be a file that can be written, but " + blocked + " is no folder to write to"));
    }

    @Test
    public void takesRoutesNamedLikeTheStepsOfAPipeline() throws IOException {
        Path data = folder.newFolder("data").toPath();
        Files.writeString(data.resolve("plays.jsonl"), "{}\n");
        Path spec = spec("name: plays\nsource: {files: {path: " + data + "}}\nroutes:\n"
                + "  - {name: source, sink: {none: {}}}\n  - {name: routes, sink: {none: {}}}\n"
                + "  - {name: unread, sink: {none: {}}}\n  - {name: dead-letters, sink: {none: {}}}\n"
                + "deadLetters: {none: {}}\n");

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private Path spec(String text) throws IOException {
        return Files.writeString(folder.newFile("spec.yaml").toPath(), text);
    }
}
