package io.millrace.pipelines;

import static io.millrace.pipelines.ClusterRuns.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.showings.ImpressionsAndPlays;
import io.millrace.testfixtures.showings.TitleEvent;
import io.millrace.testfixtures.showings.TitleRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes that read two sources joined. */
public class JoinRoutesTest {
    private static final List<String> RUNNERS = List.of("direct", "flink-local");

    private static final String WITH_LIST = """
            keep: {id: event.id, ts: event.ts}, id: event.id""";

    private static final ImpressionsAndPlays STORY = ImpressionsAndPlays.seed(7)
            .plays(400)
            .profiles(60)
            .titles(8)
            .beyond(0.05)
            .unled(0.1)
            .unplayed(0.2)
            .duplicated(0.05);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private CommandLineRun run(String word, String runner, String spec, String... options) throws IOException {
        Files.writeString(path("join.yaml"), spec);
        List<String> command = new ArrayList<>(List.of(word, "--spec=" + path("join.yaml"), "--runner=" + runner));
        command.addAll(List.of(options));
        return CommandLineRun.of(command.toArray(String[]::new));
    }

    private CommandLineRun join(String runner, String spec) throws IOException {
        CommandLineRun run = run("join", runner, spec);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        return run;
    }

    /** Impressions and plays in files, joined as this says, for these routes. */
    private String ofFiles(String head, String join, String... routes) {
        return head + "name: conversions\nsources:\n" + source("impressions") + source("plays") + "joins:\n  led: {"
                + join + "}\nroutes:\n" + String.join("", routes) + "deadLetters: {files: {path: "
                + path("dead") + "}}\n";
    }

    private String source(String name) {
        return "  " + name + ": {files: {path: " + path(name) + ", stream: " + name + "}, eventTime: event.ts}\n";
    }

    private static String sides(String left, String right) {
        return "left: {from: impressions, key: event.profile_id + \"/\" + event.title_id, " + left
                + "}, right: {from: plays, key: event.profile_id + \"/\" + event.title_id, " + right + "}";
    }

    private String rates(String name) {
        return "  - {name: " + name + ", from: [led-rates], sink: {files: {path: " + path(name) + ", window: PT1H}}}\n";
    }

    private String route(String name, String from, String settings) {
        return "  - {name: " + name + ", from: [" + from + "], " + settings + "sink: {files: {path: " + path(name)
                + "}}}\n";
    }

    private void writeFiles(Stream<String> impressions, Stream<String> plays) throws IOException {
        Files.createDirectories(path("impressions"));
        Files.createDirectories(path("plays"));
        Files.write(path("impressions/a.jsonl"), impressions.toList());
        Files.write(path("plays/a.jsonl"), plays.toList()); // the same name and offsets as the impressions have
    }

    private static Stream<String> documents(List<TitleEvent> events) {
        return events.stream().map(event -> new String(event.value(), UTF_8));
    }

    private List<JsonNode> written(String route) throws IOException {
        return lines(path(route)).stream().map(JoinResults::json).collect(Collectors.toList());
    }

    @Test
    public void eachPlayComesWithTheImpressionsThatLedToIt() throws IOException {
        writeFiles(documents(STORY.impressions()), documents(STORY.plays()));
        for (String runner : RUNNERS) {
            join(
                    runner,
                    ofFiles(
                            "",
                            sides(WITH_LIST, WITH_LIST + ", looksBack: PT4H") + ", type: rightOuter, list: true",
                            route("led-" + runner, "led", "")));

            List<JsonNode> results = written("led-" + runner);
            assertThat(JoinResults.impressionsOfPlays(results), is(STORY.truth()));
            for (JsonNode result : results) {
                JsonNode left = result.path("left");
                List<JsonNode> list = new ArrayList<>();
                left.path("list").forEach(list::add);
                assertThat(left.path("count").intValue(), is(list.size()));
                assertThat(left.has("first"), is(!list.isEmpty()));
                if (!list.isEmpty()) {
                    assertThat(left.path("first"), is(list.get(0)));
                    assertThat(left.path("last"), is(list.get(list.size() - 1)));
                }
            }
        }
    }

    @Test
    public void streamsOfKafkaGiveTheSame() throws IOException {
        String impressions = kafka.topic("impressions", 3);
        String plays = kafka.topic("plays", 2);
        ImpressionsAndPlays lagging = STORY.lag(Duration.ofMinutes(20));
        kafka.broker().produce(lagging.impressions().stream().map(event -> event.recordFor(impressions)));
        kafka.broker().produce(lagging.plays().stream().map(event -> event.recordFor(plays)));
        for (String runner : RUNNERS) {
            String results = kafka.topic("led-" + runner);
            join(runner, """
                    name: conversions
                    sources:
                      impressions: {kafka: {bootstrapServers: "%1$s", topics: [%2$s], stop: end}, eventTime: event.ts}
                      plays: {kafka: {bootstrapServers: "%1$s", topics: [%3$s], stop: end}, eventTime: event.ts}
                    joins:
                      led: {%4$s, type: rightOuter, list: true}
                    routes:
                      - {name: led, from: [led], sink: {kafka: {bootstrapServers: "%1$s", topic: %5$s}}}
                    deadLetters: {files: {path: %6$s}}
                    """.formatted(
                            kafka.bootstrapServers(),
                            impressions,
                            plays,
                            sides(WITH_LIST, WITH_LIST + ", looksBack: PT4H"),
                            results,
                            path("dead")));

            assertThat(lines(path("dead")), is(List.of()));
            assertThat(
                    JoinResults.impressionsOfPlays(ClusterRuns.values(kafka.broker(), results).stream()
                            .map(JoinResults::json)
                            .toList()),
                    is(lagging.truth()));
            kafka.broker().records(results).forEach(record -> {
                JsonNode result = JoinResults.json(new String(record.value(), UTF_8));
                assertThat(
                        new String(record.key(), UTF_8), is(result.path("key").textValue()));
                assertThat(record.timestamp(), is(result.at("/right/ts").longValue()));
                assertThat(record.headers().lastHeader("millrace-unordered") != null, is(true));
            });
        }
    }

    @Test
    public void ratesCountEachImpressionOnce() throws IOException {
        writeFiles(documents(STORY.impressions()), documents(STORY.plays()));
        for (String runner : RUNNERS) {
            join(
                    runner,
                    ofFiles(
                            "isolation: shared\n",
                            sides(WITH_LIST, WITH_LIST + ", looksBack: PT4H")
                                    + ", creditOnce: true, rates: {by: event.title_id, window: PT10M}",
                            route("led-" + runner, "led", ""),
                            rates("rates-" + runner)));

            assertThat(
                    written("rates-" + runner).stream()
                            .map(JoinRoutesTest::rate)
                            .collect(Collectors.toSet()),
                    is(STORY.rates(Duration.ofMinutes(10)).stream().collect(Collectors.toSet())));
            assertThat(
                    written("led-" + runner).stream()
                            .mapToInt(result -> result.at("/left/count").intValue())
                            .sum(),
                    is(STORY.rates(Duration.ofMinutes(10)).stream()
                            .mapToInt(TitleRate::converted)
                            .sum()));
        }
    }

    private static TitleRate rate(JsonNode rate) {
        TitleRate read = JoinResults.rate(rate);
        Instant to = Instant.parse(rate.path("to").textValue());
        assertThat(to, is(read.windowStart().plus(Duration.ofMinutes(10))));
        assertThat(rate.path("rate").doubleValue(), is((double) read.converted() / read.impressions()));
        return read;
    }

    private static String event(String id, String title, String time) {
        return "{\"id\":\"" + id + "\",\"profile_id\":\"p\",\"title_id\":\"" + title + "\",\"ts\":\"2026-01-31T" + time
                + ":00Z\"}";
    }

    private void writeFew() throws IOException {
        writeFiles(
                Stream.of(
                        event("i1", "a", "12:00"),
                        event("i2", "a", "12:05"),
                        event("i3", "b", "12:00"),
                        "{}",
                        "no json"),
                Stream.of(event("p1", "a", "12:10"), event("p2", "c", "12:10")));
    }

    @Test
    public void aFullJoinHasWhatFoundNoPartner() throws IOException {
        writeFew();
        String keep = "keep: {id: event.id}";
        for (String runner : RUNNERS) {
            join(
                    runner,
                    ofFiles(
                            "",
                            sides(keep, keep + ", looksBack: PT10M") + ", type: fullOuter",
                            route("all-" + runner, "led", "")));

            assertThat(
                    lines(path("all-" + runner)),
                    containsInAnyOrder(
                            "{\"stage\":\"complete\",\"key\":\"p/a\",\"left\":{\"count\":2,\"first\":{\"id\":\"i1\"},\"last\":{\"id\":\"i2\"}},"
                                    + "\"right\":{\"id\":\"p1\"}}",
                            "{\"stage\":\"complete\",\"key\":\"p/b\",\"left\":{\"count\":1,\"first\":{\"id\":\"i3\"},\"last\":{\"id\":\"i3\"}}}",
                            "{\"stage\":\"complete\",\"key\":\"p/c\",\"left\":{\"count\":0},\"right\":{\"id\":\"p2\"}}"));
        }
    }

    @Test
    public void whatCannotBeJoinedIsADeadLetterOfTheRoutesThatReadTheJoin() throws IOException {
        writeFiles(
                Stream.of(
                        event("i1", "a", "12:00"),
                        event("i2", "a", "12:01"),
                        event("i3", "a", "12:02"),
                        "{\"profile_id\":1,\"title_id\":\"a\",\"ts\":0}",
                        "{\"profile_id\":\"p\"}",
                        "no json",
                        event("i4", "b", "12:00")),
                Stream.of(event("p1", "b", "12:10")));
        for (String runner : RUNNERS) {
            CommandLineRun run = join(
                    runner,
                    ofFiles(
                                    "",
                                    sides("", "looksBack: PT1H") + ", keyEntries: 2, traces: {keys: [p/a]}",
                                    route("led", "led", ""),
                                    route("traces", "led-traces", ""))
                            .replace(
                                    path("dead").toString(),
                                    path("dead-" + runner).toString()));

            assertThat(
                    run.outLines(),
                    hasItem(startsWith("led                5             1             0             4  done")));
            assertThat(
                    lines(path("dead-" + runner)).stream()
                            .map(JoinResults::json)
                            .map(letter -> letter.path("route").asText() + " "
                                    + letter.path("step").asText() + " "
                                    + letter.path("reason").asText())
                            .toList(),
                    containsInAnyOrder(
                            "led join joinOverLimit",
                            "led join joinKeyFailed",
                            "led eventTime eventTimeUnreadable",
                            "led eventTime notJson"));
            assertThat(
                    lines(path("dead-" + runner)).stream()
                            .map(JoinResults::json)
                            .filter(letter -> letter.path("reason").asText().equals("joinOverLimit"))
                            .map(letter -> letter.path("message").asText())
                            .toList(),
                    hasItem(
                            "join 'led', left, key 'p/a': of a key at most 2 elements and 4,194,304 bytes may be kept"));
        }
    }

    @Test
    public void aResultMayLeaveOnMatchAndIsCorrected() throws IOException {
        writeFew();
        for (String runner : RUNNERS) {
            String topic = kafka.topic("led-" + runner);
            join(
                    runner,
                    ofFiles(
                            "",
                            sides("keep: {id: event.id}", "keep: {id: event.id}, looksBack: PT10M") + ", emit: match",
                            "  - {name: led, from: [led], sink: {kafka: {bootstrapServers: \""
                                    + kafka.bootstrapServers() + "\", topic: " + topic + "}}}\n"));

            Map<String, Integer> impressions = impressionsByStage(topic);
            assertThat(impressions, hasKey("early"));
            if (impressions.get("early") == 1) { // both impressions were not there at once
                assertThat(impressions, is(Map.of("early", 1, "correction", 2)));
            } else {
                assertThat(impressions, is(Map.of("early", 2)));
            }
        }
    }

    private Map<String, Integer> impressionsByStage(String topic) {
        Map<String, Integer> impressions = new TreeMap<>();
        kafka.broker().records(topic).forEach(record -> {
            JsonNode result = JoinResults.json(new String(record.value(), UTF_8));
            String stage =
                    new String(record.headers().lastHeader("millrace-stage").value(), UTF_8);
            assertThat(result.path("stage").textValue(), is(stage));
            impressions.put(stage, result.at("/left/count").intValue());
        });
        return impressions;
    }

    @Test
    public void oneTopicMayHaveBothKindsOfEvents() throws IOException {
        Files.createDirectories(path("impressions"));
        Files.write(
                path("impressions/a.jsonl"),
                List.of(event("i1", "a", "12:00"), event("p1", "a", "12:10"), event("x", "a", "12:05")));
        join(
                "direct",
                "name: conversions\nsources:\n" + source("impressions") + "joins:\n  led: {"
                        + sides(
                                        "filter: event.id.startsWith(\"i\")",
                                        "filter: event.id.startsWith(\"p\"), looksBack: PT1H")
                                .replace("from: plays", "from: impressions")
                        + "}\nroutes:\n"
                        + route("led", "led", "project: {left: event.left.first.id, right: event.right.id}, ")
                        + "deadLetters: {files: {path: " + path("dead") + "}}\n");

        assertThat(lines(path("led")), contains("{\"left\":\"i1\",\"right\":\"p1\"}"));
        assertThat(lines(path("dead")), is(List.of()));
    }

    @Test
    public void whatARouteMadeOfAJoinIsReplayedAndEventsOfTheJoinStay() throws IOException {
        writeFew();
        String spec = ofFiles(
                "",
                sides("keep: {id: event.id}", "keep: {id: event.id}, looksBack: PT10M"),
                route("led", "led", "filter: 1 / (event.left.count - 2) == 0, "));
        join("direct", spec);
        assertThat(lines(path("led")), is(List.of()));
        assertThat(lines(path("dead")), hasSize(3));

        CommandLineRun replay = run(
                "replay",
                "direct",
                spec.replace("filter: 1 / (event.left.count - 2) == 0, ", ""),
                "--deadLetters=" + path("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(
                replay.outLines(),
                hasItem(startsWith("led               3             1             0             2")));
        assertThat(
                lines(path("led")),
                contains(
                        "{\"stage\":\"complete\",\"key\":\"p/a\",\"left\":{\"count\":2,\"first\":{\"id\":\"i1\"},\"last\":{\"id\":\"i2\"}},"
                                + "\"right\":{\"id\":\"p1\"}}"));
    }

    @Test
    public void whatAnotherResultMayHaveReplacedIsNotReplayed() throws IOException {
        writeFew();
        String spec = ofFiles(
                "",
                sides("keep: {id: event.id}", "keep: {id: event.id}, looksBack: PT10M") + ", emit: match",
                "  - {name: led, from: [led], filter: 1 / (event.left.count - event.left.count) == 0, sink: none}\n");
        join("direct", spec);
        int deadLetters = lines(path("dead")).size();

        CommandLineRun replay = run(
                "replay",
                "direct",
                spec.replace("filter: 1 / (event.left.count - event.left.count) == 0, ", ""),
                "--deadLetters=" + path("dead"));

        assertThat(replay.err(), replay.status(), is(Commands.DONE));
        assertThat(lines(path("dead")), hasSize(deadLetters));
        assertThat(replay.outLines().get(1).split(" +")[2], is("0")); // delivered
    }

    @Test
    public void anAuditSaysWhyItCannotKnow() throws IOException {
        writeFew();
        String spec = ofFiles("", sides("", "looksBack: PT10M"), route("led", "led", ""));
        join("direct", spec);

        CommandLineRun audit = run("audit", "direct", spec);

        assertThat(audit.err(), audit.status(), is(Commands.DONE));
        assertThat(
                audit.outLines(),
                hasItem("led: nothing to audit, which events were late for its join is not known again"));
    }

    @Test
    public void joinIsForSpecsThatJoin() throws IOException {
        CommandLineRun run =
                run("join", "direct", "name: plays\nsource: {files: {path: plays}}\nroutes: [{name: a, sink: none}]\n");

        assertThat(run.status(), is(Commands.WRONG));
        assertThat(run.err(), startsWith("joins: is required by join; router runs specs that join nothing"));
    }
}
