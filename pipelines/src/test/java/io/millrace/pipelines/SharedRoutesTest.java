package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes that share a job, in which an event goes to the first that takes it. */
public class SharedRoutesTest {
    private static final String US_LONG = "{\"id\":1,\"country\":\"US\",\"minutes\":90}";
    private static final String US_SHORT = "{\"id\":2,\"country\":\"US\",\"minutes\":1}";
    private static final String CA_LONG = "{\"id\":3,\"country\":\"CA\",\"minutes\":90}";
    private static final String CA_SHORT = "{\"id\":4,\"country\":\"CA\",\"minutes\":1}";
    private static final String NOWHERE_LONG = "{\"id\":5,\"minutes\":90}";
    private static final String US_FOR_EVER = "{\"id\":6,\"country\":\"US\"}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void writeEvents() throws IOException {
        Files.write(path("plays.jsonl"), List.of(US_LONG, US_SHORT, CA_LONG, CA_SHORT, NOWHERE_LONG, US_FOR_EVER));
    }

    @Test
    public void anEventGoesToTheFirstRouteThatTakesIt() throws IOException {
        for (String runner : List.of("direct", "flink-local")) {
            Path out = path(runner);

            CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(out), "--runner=" + runner);

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(lines(out.resolve("long")), containsInAnyOrder(US_LONG, CA_LONG, NOWHERE_LONG));
            assertThat(lines(out.resolve("us")), containsInAnyOrder(US_SHORT));
            assertThat(lines(out.resolve("rest")), containsInAnyOrder(CA_SHORT));
            assertThat(lines(out.resolve("dead")).size(), is(1));
        }
    }

    @Test
    public void tellsOfEachRoute() throws IOException {
        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec(path("out")));

        assertThat(run.outLines().get(1), matchesPattern("long +6 +3 +2 +1 +done"));
        assertThat(run.outLines().get(2), matchesPattern("us +6 +1 +5 +0 +done"));
        assertThat(run.outLines().get(3), matchesPattern("rest +6 +1 +5 +0 +done"));
    }

    @Test
    public void anAuditKnowsWhatTheRoutesBeforeTook() throws IOException {
        Path spec = spec(path("out"));
        CommandLineRun.of("router", "--spec=" + spec);

        Audited audited = Audited.of(spec, "direct");

        assertThat(audited.run().err(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("long"), is(Map.of("expected", 4L, "held", 3L, "deadLettered", 1L)));
        assertThat(audited.route("us"), is(Map.of("expected", 1L, "held", 1L)));
        assertThat(audited.route("rest"), is(Map.of("expected", 1L, "held", 1L)));
    }

    @Test
    public void aReplayGivesADeadLetterToTheRouteThatGaveItUp() throws IOException {
        Path out = path("out");
        Path spec = spec(out);
        CommandLineRun.of("router", "--spec=" + spec);
        Path repaired = Files.writeString(
                path("repaired.yaml"),
                Files.readString(spec).replace("event.minutes > 60", "!has(event.minutes) || event.minutes > 60"));

        CommandLineRun run = CommandLineRun.of("replay", "--spec=" + repaired, "--deadLetters=" + out.resolve("dead"));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(lines(out.resolve("long")), containsInAnyOrder(US_LONG, CA_LONG, NOWHERE_LONG, US_FOR_EVER));
        assertThat(lines(out.resolve("us")), containsInAnyOrder(US_SHORT));
    }

    @Test
    public void routesOfIsolatedJobsReadTheirOwnSources() throws IOException {
        Files.write(path("more/views.jsonl"), List.of(CA_SHORT));
        Path out = path("out");
        Path spec = Files.writeString(path("isolated.yaml"), """
                name: shared
                sources:
                  plays: {files: {path: FOLDER/plays.jsonl}}
                  views: {files: {path: FOLDER/more}}
                routes:
                  - {name: plays, from: [plays], sink: {files: {path: OUT/plays}}}
                  - {name: views, from: [views], sink: {files: {path: OUT/views}}}
                deadLetters: {files: {path: OUT/dead}}
                """.replace(
                "FOLDER", folder.getRoot().toString()).replace("OUT", out.toString()));

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(lines(out.resolve("plays")).size(), is(6));
        assertThat(lines(out.resolve("views")), containsInAnyOrder(CA_SHORT));
        assertThat(lines(out.resolve("dead")), is(empty()));
    }

    private Path spec(Path out) throws IOException {
        return Files.writeString(path("spec.yaml"), """
                name: shared
                isolation: shared
                match: first
                source: {files: {path: FOLDER/plays.jsonl}}
                routes:
                  - {name: long, filter: 'event.minutes > 60', sink: {files: {path: OUT/long}}}
                  - {name: us, filter: 'event.country == "US"', sink: {files: {path: OUT/us}}}
                  - {name: rest, sink: {files: {path: OUT/rest}}}
                deadLetters: {files: {path: OUT/dead}}
                """.replace(
                "FOLDER", folder.getRoot().toString()).replace("OUT", out.toString()));
    }

    private Path path(String name) throws IOException {
        Path path = folder.getRoot().toPath().resolve(name);
        Files.createDirectories(path.getParent());
        return path;
    }
}
