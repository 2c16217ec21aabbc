package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** A job that is taken back to a restore point, while it reads. */
public class RewindIT {
    private static final long NINE_FORTY = 1_700_000_000_000L;

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
    private int produced;

    @Before
    public void name() {
        name = flink.name("rewind");
        plays = kafka.topic("plays", 2);
        kept = kafka.topic("kept");
        job = name + "--kept";
    }

    @Test
    public void takesAJobBackAndTakesThatBack() throws Exception {
        RestorePoint point = pointBeforeTen();
        Instant to = point.at().plusMillis(1);
        String before = running().id();

        CommandLineRun plan = rewind("plan", "--to=" + to);
        assertThat(plan.err(), plan.status(), is(Commands.DONE));
        assertThat(plan.out(), containsString(point.path()));
        assertThat(plan.out(), containsString("again    " + plays + " 0: 10 to 20, 10 events"));
        assertThat(plan.out(), containsString("epoch    1"));
        assertThat(plan.out(), containsString(", as the jar has it"));
        assertThat("a plan does nothing", running().id(), is(before));

        CommandLineRun run = rewind("run", "--to=" + to);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        String rewound = running().id();
        assertThat(rewound, not(is(before)));
        awaitKept(20 + 10);
        assertThat(ofEpoch("1"), is(numbers(20, 40)));
        assertThat("its state went with it, so nothing else is read again", ofEpoch("0"), is(numbers(0, 40)));
        CommandLineRun again = rewind("run", "--to=" + to);
        assertThat(again.out(), containsString("that is done: the job runs as " + rewound + " in epoch 1"));

        produce(10);
        awaitKept(30 + 10);
        CommandLineRun undo = rewind("undo");
        assertThat(undo.err(), undo.status(), is(Commands.DONE));
        awaitKept(40 + 20);
        assertThat("all since the point is made again", ofEpoch("2"), is(numbers(20, 60)));
        assertThat(
                rewind("undo").out(),
                containsString("that is done: the rewind is taken back, in epoch 2, and the job runs as"));

        CommandLineRun upgraded = ClusterRuns.submit(flink.cluster(), spec(), "--upgrade");
        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        produce(10);
        awaitKept(50 + 20);
        assertThat("an upgrade keeps the epoch", ofEpoch("2"), is(numbers(20, 80)));
        assertThat(catalog().newestBefore(to).orElseThrow(), is(point));
    }

    @Test
    public void refusesAPointWhoseEventsKafkaHasDeleted() throws Exception {
        RestorePoint point = pointBeforeTen();
        kafka.broker()
                .admin()
                .deleteRecords(Map.of(new TopicPartition(plays, 0), RecordsToDelete.beforeOffset(15)))
                .all()
                .get();
        String before = running().id();

        for (String command : List.of("plan", "run")) {
            CommandLineRun refused = rewind(command, "--to=" + point.at().plusMillis(1));
            assertThat(refused.status(), is(Commands.FAILED));
            assertThat(
                    refused.err(),
                    containsString("offsets 10 to 14 of partition 0 of topic " + plays
                            + " are gone from Kafka, which has those from 15 on"));
        }
        assertThat(running().id(), is(before));
        assertThat(catalog().rewinds(), hasSize(0));
        CommandLineRun none = rewind("plan", "--to=" + point.at());
        assertThat(none.err(), containsString("has no complete restore point from before " + point.at()));
    }

    @Test
    public void theSameCommandGoesOnWhereverItWasKilled() throws Exception {
        RestorePoint point = pointBeforeTen();
        String to = "--to=" + point.at().plusMillis(1);
        killWhen(() -> !catalog().rewinds().isEmpty(), to);
        Rewind chosen = catalog().rewinds().get(0);
        killWhen(() -> last().step() == Step.STOPPED || last().hasBegun(), to);
        CommandLineRun plan = rewind("plan", to);
        assertThat(
                plan.out(),
                containsString(
                        "begun    it is not finished, and rewind run goes on with what was chosen when it began"));
        killWhen(
                () -> last().hasBegun()
                        || flink.rest().jobs().stream().anyMatch(one -> one.id().equals(chosen.jobId())),
                to);
        killWhen(() -> last().hasBegun(), to);

        CommandLineRun run = rewind("run", to);
        assertThat(run.err(), run.status(), is(Commands.DONE));

        assertThat(last().step(), is(Step.DONE));
        assertThat(catalog().rewinds(), hasSize(1));
        assertThat(last().jobId(), is(chosen.jobId()));
        assertThat(running().id(), is(chosen.jobId()));
        assertThat(
                flink.rest().jobs().stream()
                        .filter(one -> one.name().equals(job) && !one.hasEnded())
                        .toList(),
                hasSize(1));
        awaitKept(20 + 10);
        assertThat(ofEpoch("1"), is(numbers(20, 40)));
        assertThat(SavedState.exists(last().undo().path()), is(true));
    }

    @Test
    public void aClusterThatHasForgottenAllIsNoHindrance() throws Exception {
        RestorePoint point = pointBeforeTen();
        String to = "--to=" + point.at().plusMillis(1);
        killWhen(() -> !catalog().rewinds().isEmpty() && (last().step() == Step.STOPPED || last().hasBegun()), to);
        forgetAll();
        killWhen(() -> last().hasBegun(), to);
        ClusterRuns.killTaskManagers(flink, running().id());

        CommandLineRun run = rewind("run", to);
        assertThat(run.err(), run.status(), is(Commands.DONE));
        awaitKept(20 + 10);
        assertThat(numbersOfEpoch("1"), is(numbers(20, 40)));

        forgetAll();
        CommandLineRun undo = rewind("undo");
        assertThat(undo.err(), undo.status(), is(Commands.DONE));
        assertThat(undo.err(), containsString("may still write that have lost their cluster"));
        produce(10);
        waitUntil("what came since", () -> numbersOfEpoch("2").equals(numbers(20, 60)));
    }

    @Test
    public void undoReadsByOffsetsToWhereTheTopicHadFewerPartitions() throws Exception {
        RestorePoint point = pointBeforeTen();
        kafka.broker()
                .admin()
                .createPartitions(Map.of(plays, NewPartitions.increaseTo(3)))
                .all()
                .get();
        String to = "--to=" + point.at().plusMillis(1);

        CommandLineRun byState = rewind("run", to);
        assertThat(
                byState.err(), containsString("--source must be offsets, since topic " + plays + " has 3 partitions"));
        CommandLineRun run = rewind("run", to, "--source=offsets");
        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(numbersOfEpoch("1"), is(numbers(20, 40)));

        CommandLineRun undo = rewind("undo");
        assertThat(undo.err(), undo.status(), is(Commands.DONE));
        assertThat(numbersOfEpoch("2"), is(numbers(20, 40)));
    }

    /** What runs is no more, and its cluster knows nothing of it. */
    private void forgetAll() {
        flink.cluster().killJobManager();
        flink.cluster().startJobManager();
    }

    /** A job that has read ten events of each partition when its point is made, and ten more since. */
    private RestorePoint pointBeforeTen() throws IOException {
        produce(10);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec());
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        awaitKept(10);
        RestorePoint point = ClusterRuns.scheduledPoint(flink, job);
        produce(10);
        awaitKept(20);
        return point;
    }

    private Rewind last() {
        return catalog().rewinds().get(0);
    }

    private void killWhen(Callable<Boolean> hasCome, String... options) throws Exception {
        MillraceProcess.killWhen(hasCome, folder.getRoot(), words("run", options));
    }

    private CommandLineRun rewind(String command, String... options) {
        return CommandLineRun.of(words(command, options).toArray(String[]::new));
    }

    private List<String> words(String command, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "rewind",
                command,
                "--job=" + job,
                "--flinkMaster=" + flink.cluster().master()));
        words.addAll(List.of(options));
        return words;
    }

    private Job running() {
        return ClusterRuns.job(flink, job);
    }

    private Catalog catalog() {
        return ClusterRuns.catalog(flink, job);
    }

    private void produce(int ofEach) {
        kafka.broker()
                .produce(IntStream.range(produced, produced + 2 * ofEach)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays,
                                number % 2,
                                NINE_FORTY + number,
                                new byte[0],
                                Integer.toString(number).getBytes(UTF_8))));
        produced += 2 * ofEach;
    }

    private void awaitKept(int ofEach) {
        waitUntil("all kept", () -> kafka.broker().records(kept).size() >= 2 * ofEach);
    }

    /** The numbers of what was written in an epoch, in their order. */
    private List<Integer> ofEpoch(String epoch) {
        return kafka.broker().records(kept).stream()
                .filter(record ->
                        new String(record.headers().lastHeader("millrace-epoch").value(), UTF_8).equals(epoch))
                .map(record -> Integer.valueOf(new String(record.value(), UTF_8)))
                .sorted()
                .toList();
    }

    private List<Integer> numbersOfEpoch(String epoch) {
        return ofEpoch(epoch).stream().distinct().toList();
    }

    private static List<Integer> numbers(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }

    private Path spec() throws IOException {
        String text =
                """
                name: %s
                source:
                  kafka: {bootstrapServers: "%s", topics: [%s]}
                routes:
                  - name: kept
                    sink: {kafka: {bootstrapServers: "%s", topic: %s}}
                deadLetters: {files: {path: %s/dead-letters}}
                """.formatted(name, kafka.bootstrapServers(), plays, kafka.bootstrapServers(), kept, folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }
}
