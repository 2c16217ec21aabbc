package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/**
 * A job that is taken back to a point whose events Kafka has deleted since: with archives of its sources, one in S3 and one in files, its sinks hold what
 * they would hold if nothing had happened.
 *
 * <p>An impression a second, of a profile of its own, each with its play half a second later, joined; and windows of plays.
 */
public class RewindFromArchiveIT {
    private static final long START = 1_700_000_000_000L;
    private static final long LATER = START + 3_600_000;
    private static final int POINT = 40;
    private static final int DELETED = 100;
    private static final int ALL = 140;

    @Rule
    public final Timeout timeout = Timeout.builder()
            .withTimeout(10, TimeUnit.MINUTES)
            .withLookingForStuckThread(true)
            .build();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String impressions;
    private String plays;
    private String bucket;

    @Before
    public void name() {
        name = flink.name("archived");
        impressions = kafka.topic("impressions", 1);
        plays = kafka.topic("plays", 1);
        bucket = s3.bucket("lake");
    }

    @Test
    public void makesAgainWhatKafkaHasDeleted() throws Exception {
        produce(0, POINT);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec(true));
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("first plays", () -> led().size(), greaterThan(10));
        RestorePoint point = ClusterRuns.scheduledPoint(flink, name);
        produce(POINT, DELETED);
        eventually("all are archived", this::archived, is(List.of(DELETED, DELETED)));
        deleteBefore(DELETED);
        produce(DELETED, ALL);
        kafka.broker().produce(Stream.of(at(LATER, impressions, "end", "end"), at(LATER, plays, "end", "end")));
        eventually("all plays", this::led, is(ledUntil(ALL)));
        eventually("all windows", () -> windowed().size(), is(ALL));
        List<String> windows = windowed();
        damage();
        assertThat(led(), is(not(ledUntil(ALL))));

        CommandLineRun without = rewind("plan", point, "--spec=" + spec(false), "--source=offsets");
        assertThat(without.status(), is(Commands.FAILED));
        assertThat(
                without.err(),
                containsString("offsets " + POINT + " to " + (DELETED - 1) + " of partition 0 of topic " + plays
                        + " are gone from Kafka, which has those from " + DELETED + " on"));

        CommandLineRun plan = rewind("plan", point);
        assertThat(plan.err(), plan.status(), is(Commands.DONE));
        assertThat(
                plan.out(),
                containsString("of which offsets " + POINT + " to " + (DELETED - 1) + " are read from the archive s3://"
                        + bucket + "/impressions"));

        CommandLineRun run = rewind("run", point);

        assertThat(run.err(), run.status(), is(Commands.DONE));
        eventually("all plays again", this::led, is(ledUntil(ALL)));
        eventually("windows again", this::windowed, is(windows));
        produce(4_000, 4_020); // after the end
        eventually("the job goes on", this::led, hasEntry("p-4010", List.of("i-4010")));
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters")), is(List.of()));
    }

    @Test
    public void goesOnInTheArchiveAfterAFailure() throws Exception {
        int all = 1_000;
        produce(0, POINT);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), slowSpec());
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("the first windows", () -> windowed().size(), greaterThan(10));
        RestorePoint point = ClusterRuns.scheduledPoint(flink, name);
        produce(POINT, all);
        kafka.broker().produce(Stream.of(at(LATER, plays, "end", "end")));
        eventually("all windows", () -> windowed().size(), is(all));
        eventually(
                "all are archived",
                () -> ClusterRuns.lines(Path.of(playsArchive())).size(),
                is(all + 1));
        List<String> windows = windowed();
        deleteBefore(all);

        CompletableFuture<CommandLineRun> run = CompletableFuture.supplyAsync(() -> rewind("run", point));
        waitUntil("the rewound job writes", this::writesAgain);
        ClusterRuns.killTaskManagers(flink, ClusterRuns.job(flink, name).id());

        assertThat(run.get().err(), run.get().status(), is(Commands.DONE));
        eventually("windows again", this::windowed, is(windows));
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters")), is(List.of()));
    }

    private boolean writesAgain() throws IOException {
        try (Stream<Path> files = Files.list(folder.getRoot().toPath().resolve("windowed"))) {
            return files.anyMatch(file -> file.toString().endsWith("-e1.jsonl"));
        }
    }

    private CommandLineRun rewind(String what, RestorePoint point, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "rewind",
                what,
                "--job=" + name,
                "--flinkMaster=" + flink.cluster().master(),
                "--to=" + point.at().plusMillis(1)));
        arguments.addAll(List.of(options));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    /** Half of what came of plays since the point is gone. */
    private void damage() {
        elasticsearch.node().documents(name).forEach((id, document) -> {
            int number = number(document.at("/right/id").asText());
            if (number >= POINT && number % 2 == 0) {
                elasticsearch.node().deleteDocument(name, id);
            }
        });
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }

    private void deleteBefore(long offset) throws Exception {
        try (Admin admin = kafka.broker().admin()) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(impressions, 0), RecordsToDelete.beforeOffset(offset),
                            new TopicPartition(plays, 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    /** How many impressions and plays are archived, before anything is made again. */
    private List<Integer> archived() throws IOException {
        return List.of(
                s3.server().objects(bucket).entrySet().stream()
                        .filter(object -> object.getKey().startsWith("impressions/to-s3-"))
                        .mapToInt(object -> (int)
                                new String(object.getValue(), UTF_8).lines().count())
                        .sum(),
                ClusterRuns.lines(folder.getRoot().toPath().resolve("plays")).size());
    }

    private List<String> windowed() throws IOException {
        return ClusterRuns.lines(folder.getRoot().toPath().resolve("windowed")).stream()
                .sorted()
                .toList();
    }

    /** The impressions of each play, as the index has them. */
    private Map<String, List<String>> led() {
        return JoinResults.impressionsOfPlays(
                elasticsearch.node().documents(name).values());
    }

    private static Map<String, List<String>> ledUntil(int end) {
        return IntStream.range(0, end)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "p-" + number, number -> List.of("i-" + number), (one, other) -> one, TreeMap::new));
    }

    private void produce(int first, int end) {
        kafka.broker()
                .produce(IntStream.range(first, end)
                        .boxed()
                        .flatMap(number -> Stream.of(
                                at(START + 1_000L * number, impressions, "i-" + number, "k-" + number),
                                at(START + 1_000L * number + 500, plays, "p-" + number, "k-" + number))));
    }

    private static ProducerRecord<byte[], byte[]> at(long time, String topic, String id, String of) {
        return new ProducerRecord<>(
                topic,
                0,
                time,
                new byte[0],
                "{\"id\":\"%s\",\"of\":\"%s\"}".formatted(id, of).getBytes(UTF_8));
    }

    private Path spec(boolean archives) throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                sources:
                  impressions:
                    kafka: {bootstrapServers: "%2$s", topics: [%3$s]%8$s}
                    maxOutOfOrderness: PT1S
                    idleAfter: never
                  plays:
                    kafka: {bootstrapServers: "%2$s", topics: [%4$s]%9$s}
                    maxOutOfOrderness: PT1S
                    idleAfter: never
                joins:
                  led:
                    left: {from: impressions, key: event.of, keep: {id: event.id}}
                    right: {from: plays, key: event.of, keep: {id: event.id}, looksBack: PT10S}
                    type: rightOuter
                    list: true
                routes:
                  - {name: led, from: [led], sink: {elasticsearch: {url: "%5$s", index: %1$s}}}
                  - {name: windowed, from: [plays], sink: {files: {path: %6$s/windowed, window: PT10S}}}
                %10$s
                deadLetters: {files: {path: %6$s/dead-letters}}
                s3: {region: us-east-1, endpoint: "%7$s"}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        impressions,
                        plays,
                        elasticsearch.node().url(),
                        folder.getRoot(),
                        s3.server().endpoint(),
                        archives ? ", archive: \"" + impressionsArchive() + "\"" : "",
                        archives ? ", archive: \"" + playsArchive() + "\"" : "",
                        archives ? archiveRoutes() : "");
        return Files.writeString(folder.getRoot().toPath().resolve("spec-" + archives + ".yaml"), text);
    }

    /** Of plays alone, so slowly that there is time to fail in. */
    private Path slowSpec() throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%2$s", topics: [%3$s], archive: "%5$s"}
                  maxOutOfOrderness: PT1S
                  idleAfter: never
                  maxEventsPerSecond: 100
                routes:
                  - {name: windowed, sink: {files: {path: %4$s/windowed, window: PT10S}}}
                  - {name: to-files, archive: true, sink: {files: {path: "%5$s"}}}
                deadLetters: {files: {path: %4$s/dead-letters}}
                """.formatted(name, kafka.bootstrapServers(), plays, folder.getRoot(), playsArchive());
        return Files.writeString(folder.getRoot().toPath().resolve("slow.yaml"), text);
    }

    private String archiveRoutes() {
        return """
                  - {name: to-s3, from: [impressions], archive: true, sink: {s3: {path: "%s"}}}
                  - {name: to-files, from: [plays], archive: true, sink: {files: {path: "%s", shards: 2}}}
                """.formatted(impressionsArchive(), playsArchive());
    }

    private String impressionsArchive() {
        return "s3://" + bucket + "/impressions";
    }

    private String playsArchive() {
        return folder.getRoot() + "/plays";
    }
}
