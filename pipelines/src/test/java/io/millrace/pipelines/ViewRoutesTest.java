package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.publish.PagedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes that read a view. */
public class ViewRoutesTest {
    private static final List<String> RUNNERS = List.of("direct", "flink-local");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private void events(String... lines) throws IOException {
        Files.createDirectories(path("assets"));
        Files.write(path("assets/a.jsonl"), List.of(lines));
    }

    private static String added(String movie, String appliance, String file, int seq) {
        return "{\"movie\":\"%s\",\"appliance\":\"%s\",\"file\":\"%s\",\"seq\":%d}"
                .formatted(movie, appliance, file, seq);
    }

    private static String removed(String movie, String appliance, int seq) {
        return "{\"movie\":\"%s\",\"appliance\":\"%s\",\"removed\":true,\"seq\":%d}".formatted(movie, appliance, seq);
    }

    private CommandLineRun view(String runner, String view, String topic, String project) throws IOException {
        Files.writeString(path("view.yaml"), """
                name: assets
                sources:
                  assets: {files: {path: %1$s}}
                views:
                  locations:
                    changes:
                      - from: assets
                        key: event.movie
                        item: event.appliance
                        keep: [appliance, file]
                        removes: has(event.removed)
                        version: event.seq
                    every: PT1H
                    %2$s
                routes:
                  - {name: cache, from: [locations], %3$s sink: {kafka: {bootstrapServers: "%4$s", topic: %5$s}}}
                deadLetters: {files: {path: %6$s}}
                """.formatted(
                        path("assets"), view, project, kafka.bootstrapServers(), topic, path("dead-" + runner)));
        return CommandLineRun.of("view", "--spec=" + path("view.yaml"), "--runner=" + runner);
    }

    /** What each key is by the records of a topic, the removed ones as nothing. */
    private Map<String, String> last(String topic) {
        Map<String, String> last = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> one : kafka.broker().records(topic)) {
            last.put(new String(one.key(), UTF_8), one.value() == null ? "nothing" : new String(one.value(), UTF_8));
        }
        return last;
    }

    @Test
    public void aKeyIsWrittenAsEventsInAnyOrderMakeIt() throws IOException {
        events(
                added("up", "west", "/2", 20),
                added("up", "east", "/1", 11),
                added("up", "west", "/1", 10),
                removed("heat", "west", 30),
                added("heat", "west", "/late", 29),
                "no document",
                added("heat", "east", "/1", 5));
        for (String runner : RUNNERS) {
            String topic = kafka.topic("cache-" + runner, 1);
            CommandLineRun run = view(runner, "", topic, "");

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(
                    last(topic),
                    is(Map.of(
                            "up",
                            "{\"version\":20,\"key\":\"up\",\"items\":[{\"appliance\":\"east\",\"file\":\"/1\"},"
                                    + "{\"appliance\":\"west\",\"file\":\"/2\"}]}",
                            "heat",
                            "{\"version\":30,\"key\":\"heat\",\"items\":[{\"appliance\":\"east\",\"file\":\"/1\"}]}")));
            List<JsonNode> dead = lines(path("dead-" + runner)).stream()
                    .map(JoinResults::json)
                    .toList();
            assertThat(dead.stream().map(one -> one.path("reason").asText()).toList(), contains("notJson"));
            assertThat(dead.get(0).path("message").asText(), containsString("view 'locations', changes[0]"));
            assertThat(dead.get(0).path("route").asText(), is("cache"));
        }
    }

    @Test
    public void aFullPublishPutsTheViewRightAndARemovedKeyIsATombstone() throws IOException {
        try (PagedService service = PagedService.start(2)) {
            service.hold(
                    100,
                    Stream.of(
                                    added("up", "west", "/published", 0),
                                    added("heat", "west", "/published", 0),
                                    added("heat", "north", "/published", 0),
                                    added("alien", "west", "/published", 0))
                            .toList());
            events(
                    added("up", "west", "/old", 20),
                    added("heat", "west", "/newer", 101),
                    removed("alien", "west", 102),
                    added("gone", "west", "/1", 50),
                    added("new", "west", "/1", 150));
            String publish = """
                    publish:
                          http: {url: "%s", items: assets, next: next, nextParameter: cursor, version: asOf}
                          key: event.movie
                          item: event.appliance
                          keep: [appliance, file]
                    """.formatted(service.url());
            for (String runner : RUNNERS) {
                String topic = kafka.topic("published-" + runner, 1);
                CommandLineRun run = view(
                        runner, publish, topic, "project: {v: event.version, files: \"event.items.map(i, i.file)\"},");

                assertThat(run.err(), run.status(), is(Commands.DONE));
                Map<String, String> last = last(topic);
                last.values().removeIf("nothing"::equals);
                assertThat(
                        last,
                        is(Map.of(
                                "up", "{\"v\":100,\"files\":[\"/published\"]}",
                                "heat", "{\"v\":101,\"files\":[\"/published\",\"/newer\"]}",
                                "new", "{\"v\":150,\"files\":[\"/1\"]}")));
                assertThat(lines(path("dead-" + runner)), is(List.of()));
            }
        }
    }
}
