package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A source that is read no faster than the spec says: all its events come, in the time that they then take. */
public class SourceRateTest {
    private static final int PER_SECOND = 10;
    private static final List<String> PLAYS =
            IntStream.range(0, 60).mapToObj(id -> "{\"id\":" + id + "}").toList();

    /** What a quarter of a second has may come at once, and the first comes after a step. */
    private static final Duration LEAST = Duration.ofMillis(1_000 * PLAYS.size() / PER_SECOND - 250);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Before
    public void writeEvents() throws IOException {
        Files.write(path("plays.jsonl"), PLAYS);
    }

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private String route(String name) {
        return "  - name: " + name + "\n    sink: {files: {path: " + path(name) + "}}\n";
    }

    private Duration timeOf(String top, String routes, String... options) throws IOException {
        Path spec = path("plays.yaml");
        Files.writeString(
                spec,
                "name: plays\n" + top + "source: {files: {path: " + path("plays.jsonl") + "}, maxEventsPerSecond: "
                        + PER_SECOND + "}\nroutes:\n" + routes + "deadLetters: {files: {path: " + path("dead")
                        + "}}\n");
        long start = System.nanoTime();
        CommandLineRun run = CommandLineRun.of(Stream.concat(Stream.of("router", "--spec=" + spec), Stream.of(options))
                .toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    public void anIsolatedRouteOnTheDirectRunner() throws IOException {
        assertThat(timeOf("", route("all"), "--runner=direct"), greaterThan(LEAST));
        assertThat(lines(path("all")), containsInAnyOrder(PLAYS.toArray()));
    }

    @Test
    public void sharedRoutesOnFlink() throws IOException {
        String routes = route("one") + route("other");
        assertThat(
                timeOf("isolation: shared\n", routes, "--runner=flink-local", "--parallelism=1"), greaterThan(LEAST));
        assertThat(lines(path("one")), containsInAnyOrder(PLAYS.toArray()));
        assertThat(lines(path("other")), containsInAnyOrder(PLAYS.toArray()));
    }
}
