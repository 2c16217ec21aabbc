package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.io.kafka.Deduplicate;
import io.millrace.io.sink.Lease;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/**
 * Sinks of a job whose filter was wrong for a while, after it was taken back to before that with a corrected one: they hold what a job with the corrected filter would
 * have written from the beginning.
 *
 * <p>An event a second, in two partitions; windows of ten seconds. The first twenty are read before the point.
 */
public class RewindSinksIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NINE_FORTY = 1_700_000_000_000L;
    private static final String WRONG = "event.n >= 0";
    private static final String CORRECTED = "event.n < 20 || event.n >= 40";
    private static final String SLOW = "maxEventsPerSecond: 100"; // so that much is on its way
    private static final String EVEN = "event.n < 20 || event.n % 2 == 0";

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
    public final TemporaryFolder folder = new TemporaryFolder();

    private String name;
    private String plays;
    private String results;

    @Before
    public void name() {
        name = flink.name("rewound-sinks");
        plays = kafka.topic("plays", 2);
        results = kafka.topic("results", 2);
    }

    @Test
    public void holdWhatTheCorrectedJobMakesAndNothingElse() throws Exception {
        produce(0, 20);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec("wrong", WRONG));
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("the first are in numbered objects", () -> lines("numbered"), is(numbers(0, 20)));
        eventually("the first window", () -> lines("windowed"), is(numbers(0, 10)));
        RestorePoint point = ClusterRuns.scheduledPoint(flink, name);

        produce(20, 60);
        eventually("all in the index", this::documents, is(numbers(0, 60)));
        eventually("all in numbered objects", () -> lines("numbered"), is(numbers(0, 60)));
        eventually("all in the topic", this::consumed, is(numbers(0, 60)));
        eventually("all windows that are closed", () -> lines("windowed"), is(numbers(0, 50)));

        CommandLineRun run = rewind(point, spec("corrected", CORRECTED));

        assertThat(run.err(), run.status(), is(Commands.DONE));
        assertThat(run.out(), containsString("route indexed: 20 were removed that were not made again"));
        assertThat(run.out(), containsString("route windowed: 2 were removed that were not made again"));
        assertThat(run.out(), containsString("route retracted: 20 were removed that were not made again"));
        assertThat(documents(), is(corrected(60)));
        assertThat(consumed(), is(corrected(60)));
        eventually("windows are written again", () -> lines("windowed"), is(corrected(50)));
        eventually("numbered objects are written again", () -> lines("numbered"), is(corrected(60)));

        produce(60, 80);
        eventually("the job goes on", this::documents, is(corrected(80)));
        eventually("in windows too", () -> lines("windowed"), is(corrected(70)));
        eventually("and in numbered objects", () -> lines("numbered"), is(corrected(80)));
        eventually("and in the topic", this::consumed, is(corrected(80)));
    }

    @Test
    public void holdNothingOfATaskManagerThatStoodStillWhileItsJobWasTakenBack() throws Exception {
        int all = 1_000;
        produce(0, 20);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec("wrong", WRONG, SLOW));
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("the first are in numbered objects", () -> lines("numbered"), is(numbers(0, 20)));
        eventually("the first window", () -> lines("windowed"), is(numbers(0, 10)));
        RestorePoint point = ClusterRuns.scheduledPoint(flink, name);
        produce(20, all);
        String job = ClusterRuns.job(flink, name).id();
        int restores = flink.rest().restores(job);
        eventually("it has begun on the others", () -> documents().size(), greaterThan(100));

        List<ServerProcess> zombies = flink.cluster().taskManagerProcesses();
        zombies.forEach(ServerProcess::pause);
        Instant paused = Instant.now();
        flink.cluster().startTaskManager();
        ServerProcess other = flink.cluster().taskManagerProcesses().get(zombies.size());
        eventually("another runs the job", () -> flink.rest().restores(job), greaterThan(restores));
        flink.rest().awaitTasksRunning(job);
        CommandLineRun run = rewind(point, spec("even", EVEN, SLOW));
        assertThat(run.err(), run.status(), is(Commands.DONE));
        eventually("the leases end", () -> Duration.between(paused, Instant.now()), greaterThan(Lease.LENGTH));
        String rewound = ClusterRuns.job(flink, name).id();
        int restoresOfRewound = flink.rest().restores(rewound);
        zombies.forEach(ServerProcess::resume);
        eventually(
                "they are back",
                () -> flink.rest().taskManagers(),
                hasItems(zombies.stream().map(ServerProcess::name).toArray(String[]::new)));
        other.kill();

        eventually("they run the job", () -> flink.rest().restores(rewound), greaterThan(restoresOfRewound));
        flink.rest().awaitTasksRunning(rewound);
        produce(all, all + 20);
        eventually("all of the index", this::documents, is(even(all + 20)));
        eventually("the topic", this::consumed, is(even(all + 20)));
        eventually("numbered objects", () -> lines("numbered"), is(even(all + 20)));
        eventually("windows", () -> lines("windowed"), is(even(all + 10)));
    }

    private CommandLineRun rewind(RestorePoint point, Path spec) {
        return CommandLineRun.of(
                "rewind",
                "run",
                "--job=" + name,
                "--flinkMaster=" + flink.cluster().master(),
                "--to=" + point.at().plusMillis(1),
                "--spec=" + spec);
    }

    private void produce(int first, int end) {
        kafka.broker()
                .produce(IntStream.range(first, end)
                        .mapToObj(number -> new ProducerRecord<>(
                                plays,
                                number % 2,
                                NINE_FORTY + 1_000L * number,
                                new byte[0],
                                ("{\"n\":" + number + "}").getBytes(UTF_8))));
    }

    private List<Integer> documents() {
        return elasticsearch.node().documents(name).values().stream()
                .map(document -> document.path("n").asInt())
                .sorted()
                .toList();
    }

    /** What a consumer holds of the topic. */
    private List<Integer> consumed() {
        Map<Integer, Deduplicate> partitions = new HashMap<>();
        Map<String, Integer> held = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> read : kafka.broker().records(results)) {
            String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
            switch (partitions
                    .computeIfAbsent(read.partition(), first -> Deduplicate.fromTheStart())
                    .judge(read.headers())) {
                case NEW, CORRECTION -> held.put(id, number(new String(read.value(), UTF_8)));
                case RETRACTION -> held.remove(id);
                case REPEAT, STALE -> {}
            }
        }
        return held.values().stream().sorted().toList();
    }

    private List<Integer> lines(String route) throws IOException {
        return ClusterRuns.lines(folder.getRoot().toPath().resolve(route)).stream()
                .map(RewindSinksIT::number)
                .sorted()
                .toList();
    }

    private static Integer number(String line) {
        try {
            return JSON.readTree(line).path("n").asInt();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(line, e);
        }
    }

    private static List<Integer> numbers(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }

    private static List<Integer> corrected(int end) {
        return Stream.concat(numbers(0, 20).stream(), numbers(40, end).stream()).toList();
    }

    private static List<Integer> even(int end) {
        return numbers(0, end).stream()
                .filter(number -> number < 20 || number % 2 == 0)
                .toList();
    }

    private Path spec(String file, String filter) throws IOException {
        return spec(file, filter, "");
    }

    private Path spec(String file, String filter, String pace) throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                source:
                  kafka: {bootstrapServers: "%2$s", topics: [%3$s]}
                  maxOutOfOrderness: PT1S
                  idleAfter: never
                  %8$s
                routes:
                  - name: indexed
                    filter: %4$s
                    sink: {elasticsearch: {url: "%5$s", index: %1$s}}
                  - name: retracted
                    filter: %4$s
                    sink: {kafka: {bootstrapServers: "%2$s", topic: %7$s, retract: record}}
                  - name: windowed
                    filter: %4$s
                    sink: {files: {path: %6$s/windowed, window: PT10S}}
                  - name: numbered
                    filter: %4$s
                    sink: {files: {path: %6$s/numbered}}
                deadLetters: {files: {path: %6$s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        plays,
                        filter,
                        elasticsearch.node().url(),
                        folder.getRoot(),
                        results,
                        pace);
        return Files.writeString(folder.getRoot().toPath().resolve(file + ".yaml"), text);
    }
}
