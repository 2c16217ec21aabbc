package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** The catalog of a job's restore points, while it runs and when it is gone. */
public class RestorePointsIT {
    private static final long NINE_FORTY = 1_700_000_000_000L;
    private static final long OUT_OF_ORDER_MILLIS = 5_000;

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
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String plays;
    private String kept;
    private String job;

    @Before
    public void name() {
        name = flink.name("points");
        plays = kafka.topic("plays", 2);
        kept = kafka.topic("kept");
        job = name + "--kept";
    }

    @Test
    public void notesWhereAJobWasAndOutlivesIt() throws Exception {
        produce(10);
        assertThat(ClusterRuns.submit(flink.cluster(), spec()).status(), is(Commands.DONE));
        awaitKept(10);
        String id = ClusterRuns.job(flink, job).id();
        flink.rest().awaitMoreCheckpoints(id, 2);

        watch();
        RestorePoint checkpoint = newest(Kind.CHECKPOINT);
        assertThat(checkpoint.offsets(), is(new TopicOffsets(Map.of(plays, Map.of(0, 10L, 1, 10L)))));
        assertThat(checkpoint.watermark().toEpochMilli(), is(NINE_FORTY + 9 - OUT_OF_ORDER_MILLIS));
        assertThat(checkpoint.damages(), is(List.of()));

        flink.rest().awaitMoreCheckpoints(id, 4);
        watch("--savepointEvery=PT1H");
        assertThat("only those that are there", SavedState.exists(checkpoint.path()), is(false));
        assertThat(points().stream().map(RestorePoint::path).toList(), not(hasItem(checkpoint.path())));
        RestorePoint scheduled = newest(Kind.SCHEDULED);
        watch("--savepointEvery=PT1H");
        assertThat("the next is due in an hour", points(Kind.SCHEDULED), hasSize(1));

        produce(10);
        awaitKept(20);
        String path = flink.rest().stopWithSavepoint(id);
        watch();
        RestorePoint last = newest(Kind.SAVEPOINT);
        assertThat(path(last.path()), is(path(path)));
        assertThat(last.offsets(), is(new TopicOffsets(Map.of(plays, Map.of(0, 20L, 1, 20L)))));

        CommandLineRun list = list("--catalog=" + catalogs());
        assertThat(list.err(), list.status(), is(Commands.DONE));
        assertThat(list.out(), containsString("read to " + plays + " 0:20 1:20"));
        assertThat(list.out(), containsString("Flink 1.19"));
        assertThat(list.out(), not(containsString("not known")));
        assertThat(list.out(), containsString(scheduled.path()));
        assertThat(list("--flinkMaster=" + flink.cluster().master()).out(), is(list.out()));

        Files.delete(anyFileOf(scheduled));
        watch();
        assertThat(list("--catalog=" + catalogs()).out(), containsString("not complete: file "));
        assertThat(points(), is(List.of(last, newest(Kind.SCHEDULED))));
    }

    @Test
    public void deletesOldSavepointsOfTheScheduleAndAJobThatBeganWithOneGoesOn() throws Exception {
        produce(10);
        assertThat(ClusterRuns.submit(flink.cluster(), spec()).status(), is(Commands.DONE));
        awaitKept(10);
        watch("--savepointEvery=PT0.001S");
        RestorePoint first = newest(Kind.SCHEDULED);
        String askedFor =
                flink.rest().stopWithSavepoint(ClusterRuns.job(flink, job).id());

        CommandLineRun restored = ClusterRuns.submit(
                flink.cluster(), spec(), "--restore=" + first.path(), "--route=kept", "--source=state");
        assertThat(restored.err(), restored.status(), is(Commands.DONE));
        watch("--savepointEvery=PT0.001S", "--keepLast=1");
        RestorePoint second = newest(Kind.SCHEDULED);
        watch("--savepointEvery=PT0.001S", "--keepLast=1");
        assertThat("the newest, and the one in use", points(Kind.SCHEDULED), hasSize(2));
        assertThat(SavedState.exists(second.path()), is(false));
        assertThat(SavedState.exists(first.path()), is(true));

        ClusterRuns.killTaskManagers(flink, ClusterRuns.job(flink, job).id());
        produce(10);
        awaitKept(20);
        watch();
        assertThat("asked for by somebody", SavedState.exists(askedFor), is(true));
        assertThat(points(Kind.SAVEPOINT), hasSize(1));
    }

    @Test
    public void saysWhereItLookedForPointsThatAreNotThere() {
        CommandLineRun list = CommandLineRun.of(
                "rewind",
                "list",
                "--job=nobody",
                "--flinkMaster=" + flink.cluster().master());

        assertThat(list.status(), is(Commands.FAILED));
        assertThat(list.err(), containsString("job nobody has no restore points in file:" + path(catalogs())));
    }

    private void produce(int ofEach) {
        kafka.broker()
                .produce(IntStream.range(0, 2 * ofEach)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays,
                                number % 2,
                                NINE_FORTY + number / 2,
                                new byte[0],
                                ("{\"n\":" + number + "}").getBytes(UTF_8))));
    }

    private void awaitKept(int ofEach) {
        waitUntil("all kept", () -> kafka.broker().records(kept).size() >= 2 * ofEach);
    }

    private Path spec() throws IOException {
        String text =
                """
                name: %s
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s]}
                  maxOutOfOrderness: PT5S
                  idleAfter: PT1H
                routes:
                  - name: kept
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(name, kafka.bootstrapServers(), plays, kafka.bootstrapServers(), kept, folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }

    private void watch(String... options) {
        String[] words = Stream.concat(
                        Stream.of(
                                "rewind",
                                "watch",
                                "--once",
                                "--job=" + job,
                                "--flinkMaster=" + flink.cluster().master()),
                        Stream.of(options))
                .toArray(String[]::new);
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private CommandLineRun list(String where) {
        return CommandLineRun.of("rewind", "list", "--job=" + job, where);
    }

    private String catalogs() {
        return flink.cluster().checkpoints().toUri().toString().replaceFirst("/$", "") + "/" + Catalog.FOLDER;
    }

    private List<RestorePoint> points() {
        return Catalog.of(job, StateFolder.at(catalogs())).all();
    }

    private List<RestorePoint> points(Kind kind) {
        return points().stream().filter(point -> point.kind() == kind).toList();
    }

    private RestorePoint newest(Kind kind) {
        return points(kind).get(0);
    }

    private static String path(String path) {
        return path.replaceFirst("^file:/*", "/");
    }

    private static Path anyFileOf(RestorePoint point) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(path(point.path())))) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith("_metadata"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
