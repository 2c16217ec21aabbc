package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.io.kafka.Deduplicate;
import io.millrace.pipelines.rewind.Restatement;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Sinks of a router and of a join whose filters and projections were wrong for a while: when what was made then is restated, they hold what they would if the spec had always been right.
 *
 * <p>A play a second, and half a second before it the impression that led to it.
 */
public class RestateIT {
    private static final long START = 1_700_000_000_000L;
    private static final long LATER = START + 3_600_000;
    private static final int WRONG_FROM = 34;
    private static final int WRONG_UNTIL = 70;
    private static final int END = 100;

    private static final Program RIGHT = new Program("event.n % 10 != 3", "event.n");
    /** Takes what it should not, does not take what it should, and says something else of all of them. */
    private static final Program WRONG = new Program("event.n % 10 != 4", "event.n * 2");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String impressions;
    private String plays;
    private String results;

    /** What of it is wrong for a while. */
    private record Program(String filter, String projection) {}

    @Before
    public void name() {
        name = flink.name("restated");
        impressions = kafka.topic("impressions", 2);
        plays = kafka.topic("plays", 2);
        results = kafka.topic("results", 2);
    }

    @Test
    public void sinksHoldWhatTheyWouldIfTheSpecHadAlwaysBeenRight() throws Exception {
        Path right = spec("right", RIGHT);
        assertThat(submit(right).status(), is(Commands.DONE));
        produce(0, 10);
        eventually("the first", () -> consumed().containsKey(9), is(true));
        ClusterRuns.scheduledPoint(flink, name);
        produce(10, WRONG_FROM);
        awaitClosedWindows(WRONG_FROM);
        RestorePoint before = ClusterRuns.scheduledPoint(flink, name, "PT0.001S");
        assertThat(submit(spec("wrong", WRONG), "--upgrade").status(), is(Commands.DONE));
        produce(WRONG_FROM, WRONG_UNTIL);
        eventually("wrong results of the router", () -> documents("routed").containsKey(63), is(true));
        eventually("wrong results of the join", () -> documents("joined").containsKey(53), is(true));
        CommandLineRun upgraded = submit(right, "--upgrade");
        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        RestorePoint after = ClusterRuns.scheduledPoint(flink, name, "PT0.001S");
        String[] range = {"--from=" + before.at().plusMillis(1), "--to=" + after.at(), "--spec=" + right};
        CommandLineRun plan = restate("plan", range);
        assertThat(plan.err(), plan.status(), is(Commands.DONE));
        assertThat(plan.out(), containsString("route    archived to files is an archive, which has what was read"));
        assertThat(plan.out(), containsString("holds    PT15S of event time"));
        assertThat(restate("diff").err(), containsString("nothing of job " + name + " is restated"));
        killRunWhen(() -> !restatements().isEmpty(), range);
        killRunWhen(() -> flink.rest().jobs().stream().anyMatch(this::isOfRestatement), range);
        produce(WRONG_UNTIL, END);
        ClusterRuns.killTaskManagers(flink, ClusterRuns.job(flink, name).id());
        end();
        eventually("the last of the join", () -> documents("joined").containsKey(END - 1), is(true));
        eventually("the last of the router", () -> documents("routed").containsKey(END - 1), is(true));
        eventually("the last of the topic", () -> consumed().containsKey(END - 1), is(true));
        eventually("the last window", () -> lines().containsKey(END - 1), is(true));
        CommandLineRun run = restate("run", range);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(restatements(), hasSize(1));
        assertThat(flink.rest().jobs().stream().anyMatch(this::isOfRestatement), is(false));
        assertThat("nothing is published yet", documents("routed"), is(not(expected())));
        assertThat(restate("run", range).out(), containsString("restated in epoch 1"));

        CommandLineRun diff = restate("diff");
        assertThat(diff.err(), diff.status(), is(Commands.DONE));
        assertThat(diff.out(), containsString("route routed: 4 added, 29 changed, 3 removed, 0 kept"));
        assertThat(diff.out(), containsString("route topic: 4 added, 29 changed, 3 removed, 0 kept"));
        assertThat(diff.out(), containsString("route windows: 33 added, 0 changed, 32 removed, 0 kept"));
        CommandLineRun published = restate("publish");
        assertThat(published.err(), published.status(), is(Commands.DONE));

        assertThat(documents("routed"), is(expected()));
        assertThat(documents("joined"), is(expected()));
        assertThat(consumed(), is(expected()));
        assertThat(lines(), is(expected()));
        CommandLineRun again = restate("diff");
        assertThat(again.out(), containsString("route routed: 0 added, 0 changed, 0 removed, 0 kept"));
        assertThat(again.out(), containsString("route joined: 0 added, 0 changed, 0 removed, 0 kept"));
        assertThat(again.out(), containsString("route topic: 0 added, 0 changed, 0 removed, 0 kept"));
        assertThat(again.out(), containsString("route windows: 0 added, 0 changed, 0 removed, 0 kept"));
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters")), is(List.of()));

        eventually(
                "the archive has all plays, and both ends",
                () -> Set.copyOf(ClusterRuns.lines(folder.getRoot().toPath().resolve("archive"))),
                hasSize(END + 2));
        assertThat(Files.exists(folder.getRoot().toPath().resolve("archive-restated-1")), is(false));
        elasticsearch.node().deleteIndex(name + "-routed-restated-1");
        CommandLineRun withoutShadow = restate("publish");
        assertThat(withoutShadow.status(), is(Commands.FAILED));
        assertThat(
                withoutShadow.err(), containsString("index " + name + "-routed-restated-1 must be there, but is not"));
        assertThat(documents("routed"), is(expected()));

        noteThatTheJobWasRewoundSince();
        String why = "job " + name + " was rewound since, and has made its results again";
        assertThat(restate("diff").err(), containsString("this is shown, but not published: " + why));
        assertThat(restate("publish").err(), startsWith(why));
    }

    @Test
    public void refusesWhereTheLastResultOfAKeyCounts() throws Exception {
        Path keyed = spec("keyed", RIGHT, "key: event.id");
        assertThat(submit(keyed).status(), is(Commands.DONE));
        produce(0, WRONG_FROM);
        awaitClosedWindows(WRONG_FROM);
        RestorePoint before = ClusterRuns.scheduledPoint(flink, name);

        for (String command : List.of("plan", "run")) {
            CommandLineRun refused = restate(
                    command,
                    "--from=" + before.at().plusMillis(1),
                    "--to=" + before.at().plusMillis(2));

            assertThat(refused.status(), is(Commands.WRONG));
            assertThat(
                    refused.err(),
                    containsString(
                            "--spec: route routed to elasticsearch cannot be restated beside the job, since a document is what the"
                                    + " last result of its key was, up to where the job is now: rewind run --spec makes all of it again, up to now"));
        }
        assertThat(restatements(), hasSize(0));
    }

    private void noteThatTheJobWasRewoundSince() {
        Rewind restated = restatements().get(0).beginning();
        ClusterRuns.catalog(flink, name)
                .add(new Rewind(
                        restated.epoch() + 1,
                        restated.to(),
                        false,
                        restated.point(),
                        restated.before(),
                        null,
                        TopicOffsets.NONE,
                        restated.startedWith(),
                        restated.source(),
                        restated.lineage(),
                        restated.jobId(),
                        Rewind.Step.DONE));
    }

    private List<Restatement> restatements() {
        return ClusterRuns.catalog(flink, name).restatements();
    }

    private boolean isOfRestatement(Job job) {
        return job.name().equals(name + "--restated-1") && !job.hasEnded();
    }

    private void killRunWhen(Callable<Boolean> hasCome, String... options) throws Exception {
        MillraceProcess.killWhen(hasCome, folder.getRoot(), words("run", options));
    }

    private static Map<Integer, Integer> expected() {
        Map<Integer, Integer> expected = new TreeMap<>();
        IntStream.range(0, END).filter(number -> number % 10 != 3).forEach(number -> expected.put(number, number));
        return expected;
    }

    private void awaitClosedWindows(int end) {
        eventually("windows that are closed", () -> lines().containsKey(end - 12), is(true));
        eventually("joined ones", () -> documents("joined").containsKey(end - 12), is(true));
    }

    private CommandLineRun submit(Path spec, String... options) {
        return ClusterRuns.submit(flink.cluster(), spec, options);
    }

    private CommandLineRun restate(String command, String... options) {
        return CommandLineRun.of(words(command, options).toArray(String[]::new));
    }

    private List<String> words(String command, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "restate",
                command,
                "--job=" + name,
                "--flinkMaster=" + flink.cluster().master()));
        words.addAll(List.of(options));
        return words;
    }

    private void produce(int first, int end) {
        kafka.broker()
                .produce(IntStream.range(first, end)
                        .mapToObj(number -> event(impressions, START + 1_000L * number - 500, number)));
        kafka.broker()
                .produce(IntStream.range(first, end).mapToObj(number -> event(plays, START + 1_000L * number, number)));
    }

    /** Event time goes on, and nothing comes of that. */
    private void end() {
        for (String topic : List.of(impressions, plays)) {
            kafka.broker().produce(IntStream.range(0, 2).mapToObj(partition -> event(topic, LATER, partition - 1000)));
        }
    }

    private static ProducerRecord<byte[], byte[]> event(String topic, long time, int number) {
        return new ProducerRecord<>(
                topic,
                Math.floorMod(number, 2),
                time,
                new byte[0],
                "{\"n\":%d,\"id\":\"%d\"}".formatted(number, number).getBytes(UTF_8));
    }

    /** What an index has to say of each play. */
    private Map<Integer, Integer> documents(String route) {
        return said(elasticsearch.node().documents(name + "-" + route).values().stream());
    }

    private Map<Integer, Integer> lines() throws IOException {
        return said(ClusterRuns.lines(folder.getRoot().toPath().resolve("windows")).stream()
                .map(JoinResults::json));
    }

    private static Map<Integer, Integer> said(Stream<JsonNode> results) {
        return results.filter(result -> result.path("n").asInt() >= 0)
                .collect(Collectors.toMap(
                        result -> result.path("n").asInt(),
                        result -> result.path("said").asInt(),
                        (one, other) -> Integer.MIN_VALUE,
                        TreeMap::new));
    }

    /** What a consumer holds of the topic. */
    private Map<Integer, Integer> consumed() {
        Map<Integer, Deduplicate> partitions = new HashMap<>();
        Map<String, JsonNode> held = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> read : kafka.broker().records(results)) {
            String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
            switch (partitions
                    .computeIfAbsent(read.partition(), first -> Deduplicate.fromTheStart())
                    .judge(read.headers())) {
                case NEW, CORRECTION -> held.put(id, JoinResults.json(new String(read.value(), UTF_8)));
                case RETRACTION -> held.remove(id);
                case REPEAT, STALE -> {}
            }
        }
        return said(held.values().stream());
    }

    private Path spec(String file, Program program) throws IOException {
        return spec(file, program, "");
    }

    private Path spec(String file, Program program, String keyOfRouted) throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                sources:
                  impressions: {kafka: {bootstrapServers: "%2$s", topics: [%3$s]}, maxOutOfOrderness: PT1S, idleAfter: never}
                  plays: {kafka: {bootstrapServers: "%2$s", topics: [%4$s], archive: %7$s/archive}, maxOutOfOrderness: PT1S, idleAfter: never}
                joins:
                  led:
                    left: {from: impressions, key: event.id, keep: {n: event.n}}
                    right: {from: plays, key: event.id, keep: {n: event.n}, looksBack: PT5S}
                    type: rightOuter
                routes:
                  - name: routed
                    from: [plays]
                    filter: %8$s
                    project: {n: event.n, said: %9$s}
                    %12$s
                    sink: {elasticsearch: {url: "%5$s", index: %1$s-routed}}
                  - name: topic
                    from: [plays]
                    filter: %8$s
                    project: {n: event.n, said: %9$s}
                    sink: {kafka: {bootstrapServers: "%2$s", topic: %6$s, retract: record}}
                  - name: windows
                    from: [plays]
                    filter: %8$s
                    project: {n: event.n, said: %9$s}
                    sink: {files: {path: %7$s/windows, window: PT10S}}
                  - name: joined
                    from: [led]
                    filter: %10$s
                    project: {n: event.right.n, said: %11$s}
                    sink: {elasticsearch: {url: "%5$s", index: %1$s-joined}}
                  - {name: archived, from: [plays], archive: true, sink: {files: {path: %7$s/archive}}}
                deadLetters: {files: {path: %7$s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        impressions,
                        plays,
                        elasticsearch.node().url(),
                        results,
                        folder.getRoot(),
                        program.filter,
                        program.projection,
                        program.filter.replace("event.n", "event.right.n"),
                        program.projection.replace("event.n", "event.right.n"),
                        keyOfRouted);
        return Files.writeString(folder.getRoot().toPath().resolve(file + ".yaml"), text);
    }
}
