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
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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

    @Test
    public void provesThatPointsCanBeRestoredWithoutAnyEffect() throws Exception {
        job = name;
        produceText(600);
        assertThat(ClusterRuns.submit(flink.cluster(), archivingSpec()).status(), is(Commands.DONE));
        awaitKept(300);
        watch("--savepointEvery=PT1H");
        RestorePoint point = newest(Kind.SCHEDULED);
        String live = ClusterRuns.job(flink, job).id();
        String to = "--to=" + point.at().plusMillis(1);
        assertThat(list("--catalog=" + catalogs()).out(), not(containsString("last proven")));

        CommandLineRun crowded = rehearse(to, "--parallelism=64", "--within=PT20S");
        assertThat(crowded.status(), is(Commands.FAILED));
        assertThat(crowded.err(), containsString(" get the 64 slots that it needs, of which "));
        CommandLineRun proven = rehearse(to);
        assertThat(proven.err(), proven.status(), is(Commands.DONE));
        assertThat(proven.out(), containsString("point " + point.path() + " is proven restorable at "));
        assertThat(proven.err(), not(containsString("begins without its state")));
        assertThat(catalog().provenAt(point).isPresent(), is(true));
        assertThat(list("--catalog=" + catalogs()).out(), containsString("last proven restorable "));
        assertThat(plan(to).out(), containsString("  proven   restorable at "));
        assertNothingIsLeftOfRehearsals(point);
        assertThat(ClusterRuns.job(flink, job).id(), is(live));
        assertThat(flink.rest().restores(live), is(0));

        killWhenARehearsalRuns(to);
        RestorePoint last = savepointOfStoppedJob(live);
        commitOffsets(7);
        int written = kafka.broker().records(kept).size();
        CommandLineRun ofLast = rehearse();
        assertThat(ofLast.err(), ofLast.status(), is(Commands.DONE));
        assertThat(ofLast.err(), containsString("ending rehearsal " + job + "--rehearsal-"));
        assertThat(catalog().provenAt(last).isPresent(), is(true));
        assertNothingIsLeftOfRehearsals(last);
        assertThat("the job's own", offsetsCommitted(), is(Map.of(0, 7L, 1, 7L)));
        assertThat(kafka.broker().records(kept), hasSize(written));
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("archive")), is(List.of()));

        for (Path file : filesOf(last)) {
            Files.write(file, new byte[(int) Files.size(file)]);
        }
        CommandLineRun unreadable = rehearse();
        assertThat(unreadable.status(), is(Commands.FAILED));
        assertThat(
                unreadable.err(),
                containsString("point " + last.path() + " is not proven restorable: job " + job + "--rehearsal-"));
        assertThat(unreadable.err(), containsString(" did not begin with the state: "));
        assertNothingIsLeftOfRehearsals(last);

        Files.write(filesOf(last).get(0), new byte[1]);
        CommandLineRun truncated = rehearse();
        assertThat("the next older one is proven", truncated.status(), is(Commands.FAILED));
        assertThat(truncated.err(), containsString("point " + last.path() + " is not complete: file "));
        assertThat(truncated.out(), containsString("point " + point.path() + " is proven restorable at "));
    }

    private CommandLineRun rehearse(String... options) {
        return CommandLineRun.of(Stream.concat(
                        Stream.of(
                                "rewind",
                                "rehearse",
                                "--job=" + job,
                                "--flinkMaster=" + flink.cluster().master()),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private CommandLineRun plan(String to) {
        return CommandLineRun.of(
                "rewind",
                "plan",
                "--job=" + job,
                to,
                "--flinkMaster=" + flink.cluster().master());
    }

    private void killWhenARehearsalRuns(String to) throws Exception {
        MillraceProcess.killWhen(
                () -> !rehearsalsThatGoOn().isEmpty(),
                folder.getRoot(),
                List.of(
                        "rewind",
                        "rehearse",
                        "--job=" + job,
                        to,
                        "--flinkMaster=" + flink.cluster().master()));
    }

    private List<Job> rehearsalsThatGoOn() {
        return flink.rest().jobs().stream()
                .filter(one -> one.name().startsWith(job + "--rehearsal-") && !one.hasEnded())
                .toList();
    }

    private void assertNothingIsLeftOfRehearsals(RestorePoint point) throws IOException {
        assertThat(rehearsalsThatGoOn(), is(List.of()));
        assertThat(catalog().rehearsals(), is(List.of()));
        flink.rest().jobs().stream()
                .filter(one -> one.name().startsWith(job + "--rehearsal-"))
                .forEach(one -> {
                    assertThat(Files.exists(flink.cluster().checkpoints().resolve(one.id())), is(false));
                    assertThat(
                            "nobody takes it for a job of the pipeline",
                            flink.rest().get("/jobs/" + one.id() + "/config").toString(),
                            not(containsString(JobOptions.PIPELINE)));
                });
        try (Stream<Path> files = Files.list(Path.of(path(point.path())))) {
            assertThat(
                    files.filter(file -> file.toString().contains("_metadata-")).toList(), is(List.of()));
        }
    }

    private RestorePoint savepointOfStoppedJob(String id) {
        String path = flink.rest().stopWithSavepoint(id);
        watch();
        RestorePoint last = newest(Kind.SAVEPOINT);
        assertThat(path(last.path()), is(path(path)));
        return last;
    }

    private void commitOffsets(long offset) throws Exception {
        OffsetAndMetadata committed = new OffsetAndMetadata(offset);
        kafka.broker()
                .admin()
                .alterConsumerGroupOffsets(
                        "millrace-" + name,
                        Map.of(new TopicPartition(plays, 0), committed, new TopicPartition(plays, 1), committed))
                .all()
                .get();
    }

    private Map<Integer, Long> offsetsCommitted() throws Exception {
        Map<Integer, Long> offsets = new TreeMap<>();
        kafka.broker()
                .admin()
                .listConsumerGroupOffsets("millrace-" + name)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        return offsets;
    }

    /** Lines that are enough for files of their own in a state. */
    private void produceText(int lines) {
        Random random = new Random(1);
        kafka.broker()
                .produce(IntStream.range(0, lines)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays,
                                number % 2,
                                NINE_FORTY,
                                new byte[0],
                                ("{\"n\":" + number + ",\"text\":\""
                                                + random.ints(40, 'a', 'z' + 1)
                                                        .mapToObj(Character::toString)
                                                        .collect(Collectors.joining())
                                                + "\"}")
                                        .getBytes(UTF_8))));
    }

    /** A route with state: its window stays open. */
    private Path archivingSpec() throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%2$s", topics: [%3$s]}
                  idleAfter: never
                routes:
                  - name: kept
                    sink: {kafka: {bootstrapServers: "%2$s", topic: %4$s}}
                  - name: archive
                    sink: {files: {path: %5$s/archive, window: PT1H}}
                deadLetters: {files: {path: %5$s/dead-letters}}
                """.formatted(name, kafka.bootstrapServers(), plays, kept, folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("archiving.yaml"), text);
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

    private Catalog catalog() {
        return Catalog.of(job, StateFolder.at(catalogs()));
    }

    private List<RestorePoint> points() {
        return catalog().all();
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
        return filesOf(point).get(0);
    }

    private static List<Path> filesOf(RestorePoint point) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(path(point.path())))) {
            return files.filter(file -> Files.isRegularFile(file) && !file.endsWith("_metadata"))
                    .toList();
        }
    }
}
