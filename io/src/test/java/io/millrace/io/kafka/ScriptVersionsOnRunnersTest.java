package io.millrace.io.kafka;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.script.RunScript;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import io.millrace.transforms.script.version.TimelyAppend;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** A version takes effect while a job runs: no event is processed by neither or both, and a rerun chooses the same for each. */
@RunWith(Parameterized.class)
public class ScriptVersionsOnRunnersTest {
    private static final int PARTITIONS = 4;
    private static final Map<String, Map<String, List<Made>>> MADE = new ConcurrentHashMap<>();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Runner runner;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Instant> produced = new ConcurrentHashMap<>();
    private final ScheduledExecutorService producer = Executors.newSingleThreadScheduledExecutor();

    private String plays;
    private ControlLog log;

    public ScriptVersionsOnRunnersTest(Runner runner) {
        this.runner = runner;
    }

    @Parameters(name = "{0}")
    public static Runner[] runners() {
        return Runner.values();
    }

    @Before
    public void createTopics() {
        plays = kafka.topic("plays", PARTITIONS);
        log = KafkaEvents.controlLog(ControlTopic.of(kafka.bootstrapServers(), kafka.name("script")));
    }

    @Test
    public void aVersionTakesEffectAtATimeOnAllTasksAndInEveryRun() throws Exception {
        producer.scheduleAtFixedRate(this::produce, 0, 10, TimeUnit.MILLISECONDS);
        PipelineResult run = start("live");
        publish("v1");
        waitUntil("v1 on all partitions", () -> partitionsOf("live", "v1") == PARTITIONS);

        ControlLog.Replies said = log.listen();
        Instant from = publish("v2");
        waitUntil("v2 on all partitions", () -> partitionsOf("live", "v2") == PARTITIONS);
        producer.shutdown();
        assertThat(producer.awaitTermination(1, TimeUnit.MINUTES), is(true));
        waitUntil("all events", () -> made("live").size() == produced.size());
        run.cancel();

        assertThat(unexpected("live", from), is(List.of()));

        PipelineResult rerun = start("again");
        waitUntil("all events again", () -> made("again").size() == produced.size());
        rerun.cancel();
        assertThat(unexpected("again", from), is(List.of()));
        assertThat(
                made("again").values().stream()
                        .flatMap(List::stream)
                        .map(Made::provisional)
                        .toList(),
                everyItem(is(false)));
        eventually(
                "replies", said::read, hasItem(new ControlReply("v2", List.of(), from, "v2", "plays", route("live"))));
    }

    private Instant publish(String id) throws Exception {
        String source = "function map(event) { return { n: event.n, by: '" + id + "' } }";
        try (ControlLog.Writer writer = log.write()) {
            return new TimelyAppend(writer, clock)
                    .append(from -> Optional.of(ControlRecord.ofSource(id, source, from, "ann")))
                    .orElseThrow()
                    .effectiveFrom();
        }
    }

    private void produce() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Instant time = Instant.ofEpochMilli(clock.millis());
            String number = Integer.toString(produced.size());
            produced.put(number, time);
            records.add(new ProducerRecord<>(
                    plays, partition, time.toEpochMilli(), null, ("{\"n\":" + number + "}").getBytes(UTF_8)));
        }
        kafka.broker().produce(records);
    }

    /** What was not processed exactly once, or by another version than the one in force at its time without saying so. */
    private List<String> unexpected(String name, Instant from) {
        List<String> unexpected = new ArrayList<>();
        Map<String, List<Made>> made = made(name);
        produced.forEach((number, time) -> {
            List<Made> results = made.getOrDefault(number, List.of());
            String version = time.isBefore(from) ? "v1" : "v2";
            boolean asExpected = results.size() == 1
                    && (results.get(0).version().equals(version)
                            || results.get(0).provisional());
            if (!asExpected) {
                unexpected.add(number + " of " + time + ": " + results);
            }
        });
        return unexpected;
    }

    private long partitionsOf(String name, String version) {
        return made(name).values().stream()
                .flatMap(List::stream)
                .filter(one -> one.version().equals(version))
                .map(Made::partition)
                .distinct()
                .count();
    }

    private Map<String, List<Made>> made(String name) {
        return MADE.getOrDefault(route(name), Map.of());
    }

    private String route(String name) {
        return plays + "-" + name;
    }

    private PipelineResult start(String name) {
        PipelineOptions options = runner.options();
        if (runner == Runner.DIRECT) {
            options.as(DirectOptions.class).setBlockOnRun(false);
        } else {
            options.as(FlinkPipelineOptions.class).setAttachedMode(false);
            options.as(FlinkPipelineOptions.class).setParallelism(PARTITIONS);
        }
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply("Read", KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), plays)))
                .events()
                .apply("Script", RunScript.versionsFrom(log, "javascript", null).ofRoute("plays", route(name)))
                .results()
                .apply("Keep", ParDo.of(new KeepFn(route(name))));
        return pipeline.run();
    }

    private record Made(String version, boolean provisional, int partition) {}

    private static final class KeepFn extends DoFn<Event, Void> {
        private static final long serialVersionUID = 1;
        private final String route;

        KeepFn(String route) {
            this.route = route;
        }

        @ProcessElement
        public void process(@Element Event event) {
            String value = new String(event.value(), UTF_8);
            String number = value.replaceAll(".*\"n\":([0-9]+).*", "$1");
            String by = value.replaceAll(".*\"by\":\"([^\"]+)\".*", "$1");
            assertThat(new String(event.headers().last(RunScript.VERSION_HEADER), UTF_8), is(by));
            MADE.computeIfAbsent(route, none -> new ConcurrentHashMap<>())
                    .computeIfAbsent(number, none -> new CopyOnWriteArrayList<>())
                    .add(new Made(
                            by,
                            event.headers().last(RunScript.PROVISIONAL_HEADER) != null,
                            event.id().origin().partition()));
        }
    }
}
