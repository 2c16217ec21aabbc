package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.testfixtures.memcached.MemcachedRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A route whose events are looked up in memcached. */
public class EnrichFromMemcachedTest {
    private static final List<String> PLAYS = List.of(
            "{\"id\":1,\"title\":\"t-1\"}",
            "{\"id\":2,\"title\":\"t-2\"}",
            "{\"id\":3,\"title\":\"t 3\"}",
            "{\"id\":4,\"title\":\"t-4\"}",
            "{\"id\":5,\"title\":5}");

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    @Test
    public void eventsHaveWhatIsStoredAndTheOthersAreMissesOrDeadLetters() throws IOException {
        String prefix = memcached.name("video") + ":";
        memcached.server().set(prefix + "t-1", "{\"name\": \"One\"}");
        memcached.server().set(prefix + "t-2", "no JSON");
        memcached.server().set(prefix + "5", "{\"name\": \"Five\"}");
        Files.write(path("plays.jsonl"), PLAYS);
        Path spec = Files.writeString(path("plays.yaml"), """
                name: plays
                source: {files: {path: %s}}
                routes:
                  - name: plays
                    enrich:
                      - into: video
                        key: event.title
                        memcached: {servers: ["%s"], keyPrefix: "%s"}
                    sink: {files: {path: %s}}
                deadLetters: {files: {path: %s}}
                """.formatted(
                        path("plays.jsonl"), memcached.server().address(), prefix, path("out"), path("dead")));

        CommandLineRun run = CommandLineRun.of("router", "--spec=" + spec, "--runner=direct");

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(
                lines(path("out")),
                containsInAnyOrder(
                        "{\"id\":1,\"title\":\"t-1\",\"video\":{\"name\": \"One\"}}",
                        PLAYS.get(3),
                        "{\"id\":5,\"title\":5,\"video\":{\"name\": \"Five\"}}"));
        assertThat(
                lines(path("dead")).stream()
                        .map(EnrichFromMemcachedTest::letter)
                        .map(letter -> letter.path("reason").asText() + " "
                                + letter.path("valueText").asText())
                        .sorted()
                        .toList(),
                contains("lookupRefused " + PLAYS.get(1), "lookupRefused " + PLAYS.get(2)));
    }

    private static JsonNode letter(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
