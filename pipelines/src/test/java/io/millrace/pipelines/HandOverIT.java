package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.util.stream.Collectors.toSet;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaParking;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Routes that move between jobs of their own and one that they share, while events come. */
public class HandOverIT {
    private static final int PARTITIONS = 4;
    private static final int BATCH = 40;
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(100);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger produced = new AtomicInteger();
    private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
    private String name;
    private String plays;
    private String results;

    @Before
    public void name() {
        name = flink.name("router");
        plays = kafka.topic("plays", PARTITIONS);
        results = kafka.name("results");
        List.of("a", "b", "c").forEach(route -> kafka.broker().createTopic(topic(route), 1));
    }

    @After
    public void stopProducing() throws InterruptedException {
        load.shutdown();
        assertThat(load.awaitTermination(2, TimeUnit.MINUTES), is(true));
    }

    @Test
    public void movesRoutesIntoOneJobAndOutOfItWithoutALossOrARepeat() throws Exception {
        ScheduledFuture<?> producing =
                load.scheduleWithFixedDelay(this::produceBatch, 0, BETWEEN_BATCHES.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(
                ClusterRuns.submit(flink.cluster(), spec("isolated", "a", "b", "c"))
                        .status(),
                is(Commands.DONE));
        awaitMore("a", "b", "c");

        CommandLineRun shared = handOver(spec("shared", "a", "b", "c"));
        assertThat(shared.err(), shared.status(), is(Commands.DONE));
        assertThat(running(), is(Set.of(name)));
        awaitMore("a", "b", "c");
        CommandLineRun upgraded =
                ClusterRuns.submit(flink.cluster(), spec("shared", "a", "b", "c"), "--upgrade", "--source=offsets");
        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));

        eventually(
                "events that wait, which would be in the way",
                () -> KafkaEvents.parkedFrom(parking(), List.of("a", "b", "c")),
                is(Map.of()));
        CommandLineRun isolated = handOver(spec("isolated", "a", "b", "c"));
        assertThat(isolated.err(), isolated.status(), is(Commands.DONE));
        assertThat(running(), is(Set.of(name + "--a", name + "--b", name + "--c")));
        awaitMore("a", "b", "c");
        CommandLineRun again = handOver(spec("isolated", "a", "b", "c"));

        assertThat(again.err(), containsString("there is nothing to hand over: the jobs of the spec run already"));
        assertThat("all batches were produced so far", producing.isDone(), is(false));
        stopProducing();
        for (String route : List.of("a", "b", "c")) {
            eventually("end of " + route, () -> kafka.broker().end(topic(route)), greaterThanOrEqualTo((long)
                    produced.get()));
            eventually("results of " + route, () -> valuesButForRepeatsOfTheirOwn(route), is(events()));
        }
    }

    @Test
    public void aRouteThatWasBehindGetsWhatItHasNotHadAndTheOthersDoNotGetItAgain() throws Exception {
        Path isolated = spec("isolated", "a", "b");
        produceBatch();
        assertThat(ClusterRuns.submit(flink.cluster(), isolated).status(), is(Commands.DONE));
        awaitAll("a");
        awaitAll("b");
        flink.rest().stopWithSavepoint(job(name + "--b"));
        produceBatch();
        awaitAll("a");

        CommandLineRun shared = handOver(spec("shared", "a", "b", "c"));

        assertThat(shared.err(), shared.status(), is(Commands.DONE));
        assertThat(
                shared.err(),
                containsString("route b goes on at {\"" + plays + "\":{\"0\":10,\"1\":10,\"2\":10,\"3\":10}}"));
        assertThat(
                shared.err(),
                containsString("route a goes on at {\"" + plays + "\":{\"0\":20,\"1\":20,\"2\":20,\"3\":20}}"));
        assertThat(shared.err(), containsString("route c is new, and begins where its job does"));
        awaitAll("b");
        CommandLineRun upgraded =
                ClusterRuns.submit(flink.cluster(), spec("shared", "a", "b", "c"), "--upgrade", "--source=offsets");
        assertThat(upgraded.err(), upgraded.status(), is(Commands.DONE));
        produceBatch();
        awaitAll("b");
        awaitAll("a");
        eventually(
                "results of c", () -> values("c").stream().sorted().toList(), is(events().subList(BATCH, 3 * BATCH)));
    }

    @Test
    public void goesOnWithWhatABrokenHandOverHasStopped() throws Exception {
        produceBatch();
        assertThat(
                ClusterRuns.submit(flink.cluster(), spec("isolated", "a", "b")).status(), is(Commands.DONE));
        awaitAll("a");
        awaitAll("b");

        Path shared = spec("shared", "a", "b");
        String text = Files.readString(shared);
        Files.writeString(shared, text.replace("[" + plays + "]", "[" + plays + ", " + kafka.name("missing") + "]"));
        CommandLineRun broken = handOver(shared);
        assertThat(broken.status(), is(Commands.FAILED));
        assertThat(
                broken.errLines().get(broken.errLines().size() - 1),
                matchesPattern("job " + name + " did not start: .*; stopped were job " + name
                        + "--a at file:.*savepoint-.*, job "
                        + name
                        + "--b at file:.*savepoint-.*: the same command goes on from there, for as long as the cluster"
                        + " remembers them, an hour by default"));
        assertThat(running(), is(Set.of()));
        produceBatch();
        Files.writeString(shared, text);
        CommandLineRun completed = handOver(shared);

        assertThat(completed.err(), completed.status(), is(Commands.DONE));
        awaitAll("a");
        awaitAll("b");
    }

    @Test
    public void stopsNothingWhereLinesWaitInState() throws Exception {
        String files = "{name: archive, sink: {files: {path: " + folder.getRoot() + "/archive}}}";
        assertThat(
                ClusterRuns.submit(flink.cluster(), write("isolated", route("a"), files))
                        .status(),
                is(Commands.DONE));

        CommandLineRun refused = handOver(write("shared", route("a"), files));

        assertThat(refused.status(), is(Commands.FAILED));
        assertThat(
                refused.errLines().get(0),
                matchesPattern("job " + name + "--archive must keep nothing in state, .*; nothing was stopped"));
        assertThat(running(), is(Set.of(name + "--a", name + "--archive")));
    }

    @Test
    public void deliversWhatWasParkedWhenTheSharedJobStopped() throws Exception {
        try (KafkaBroker remote = KafkaBroker.create().start()) {
            remote.createTopic(topic("b"), 1);
            String b = "{name: b, sink: {kafka: {bootstrapServers: \"%s\", topic: %s}}}"
                    .formatted(remote.bootstrapServers(), topic("b"));
            assertThat(
                    ClusterRuns.submit(flink.cluster(), write("shared", route("a"), b))
                            .status(),
                    is(Commands.DONE));
            produceBatch();
            eventually("b", () -> ClusterRuns.values(remote, topic("b")).size(), is(BATCH));
            remote.process().pause();
            produceBatch();
            awaitAll("a");
            waitUntil("events to wait", () -> kafka.broker().end(results + "-parked-b") > 0);

            CommandLineRun refused = handOver(write("isolated", route("a"), b));
            assertThat(refused.status(), is(Commands.FAILED));
            assertThat(
                    refused.errLines(),
                    contains("events wait in " + results
                            + "-parked-b, since the sink of their route does not keep up: hand over"
                            + " when they are delivered; nothing was stopped"));
            assertThat(running(), is(Set.of(name)));

            flink.rest().stopWithSavepoint(job(name));
            remote.process().resume();
            CommandLineRun moved = handOver(write("isolated", route("a"), b));
            assertThat(moved.err(), moved.status(), is(Commands.DONE));
            produceBatch();
            awaitAll("a");
            eventually(
                    "results of b",
                    () -> ClusterRuns.values(remote, topic("b")).stream()
                            .distinct()
                            .sorted()
                            .toList(),
                    is(events()));
            assertThat(KafkaEvents.parkedFrom(parking(), List.of("b")), is(Map.of()));
        }
    }

    private KafkaParking parking() {
        return KafkaParking.of(kafka.bootstrapServers(), results + "-parked");
    }

    private CommandLineRun handOver(Path spec, String... options) {
        return CommandLineRun.of(Stream.concat(
                        Stream.of(
                                "router",
                                "hand-over",
                                "--spec=" + spec,
                                "--flinkMaster=" + flink.cluster().master(),
                                "--checkpointingInterval=1000"),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private Set<String> running() {
        return flink.rest().jobs().stream()
                .filter(job -> !job.hasEnded())
                .map(Job::name)
                .collect(toSet());
    }

    private String job(String name) {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().equals(name) && !job.hasEnded())
                .findFirst()
                .orElseThrow()
                .id();
    }

    private void produceBatch() {
        int from = produced.get();
        kafka.broker()
                .produce(IntStream.range(from, from + BATCH)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays, number % PARTITIONS, null, event(number).getBytes(StandardCharsets.UTF_8))));
        produced.addAndGet(BATCH);
    }

    private static String event(int number) {
        return "{\"n\":\"%09d\"}".formatted(number);
    }

    private List<String> events() {
        return IntStream.range(0, produced.get()).mapToObj(HandOverIT::event).toList();
    }

    private void awaitAll(String route) {
        eventually("results of " + route, () -> values(route).stream().sorted().toList(), is(events()));
    }

    private void awaitMore(String... routes) {
        for (String route : routes) {
            long before = kafka.broker().end(topic(route));
            eventually("results of " + route, () -> kafka.broker().end(topic(route)), greaterThan(before));
        }
    }

    private List<String> values(String route) {
        return ClusterRuns.values(kafka.broker(), topic(route));
    }

    /** Each once where it was parked, or a job failed, as either may happen on a slow machine: results may come repeatedly then, whatever a hand-over does. */
    private List<String> valuesButForRepeatsOfTheirOwn(String route) throws Exception {
        List<String> sorted = values(route).stream().sorted().toList();
        return wasParked(route) || aJobFailed() ? sorted.stream().distinct().toList() : sorted;
    }

    private boolean wasParked(String route) throws Exception {
        String parked = results + "-parked-" + route;
        return kafka.broker().admin().listTopics().names().get().contains(parked)
                && kafka.broker().end(parked) > 0;
    }

    private boolean aJobFailed() {
        return flink.rest().jobs().stream()
                .filter(job -> job.name().startsWith(name))
                .anyMatch(job -> !flink.rest().exceptions(job.id()).isEmpty());
    }

    private String topic(String route) {
        return results + "-" + route;
    }

    private Path spec(String isolation, String... routes) throws IOException {
        return write(isolation, Stream.of(routes).map(this::route).toArray(String[]::new));
    }

    private Path write(String isolation, String... routes) throws IOException {
        String parking = isolation.equals("shared")
                ? "parking: {kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topicPrefix: " + results
                        + "-parked}}"
                : "";
        String text = """
                name: %s
                isolation: %s
                source: {kafka: {bootstrapServers: "%s", topics: [%s]}}
                routes: [%s]
                %s
                deadLetters: {kafka: {bootstrapServers: "%s", topic: %s}}
                """.formatted(
                        name,
                        isolation,
                        kafka.bootstrapServers(),
                        plays,
                        String.join(", ", routes),
                        parking,
                        kafka.bootstrapServers(),
                        topic("c"));
        return Files.writeString(folder.getRoot().toPath().resolve(isolation + ".yaml"), text);
    }

    private String route(String name) {
        return "{name: %s, sink: {kafka: {bootstrapServers: \"%s\", topic: %s}}}"
                .formatted(name, kafka.bootstrapServers(), topic(name));
    }
}
