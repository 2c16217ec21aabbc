package io.millrace.io.kafka;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.EventTimes;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.enricher.Change;
import io.millrace.transforms.enricher.ChangeCoder;
import io.millrace.transforms.enricher.EnrichAsOf;
import io.millrace.transforms.enricher.Enriched;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.event.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/**
 * Events and changes in random disorder, as far as the watermark allows it, whose values are those of a plain join; however they are
 * spread over partitions, tasks and bundles.
 */
@RunWith(Parameterized.class)
public class ChangelogOnRunnersTest {
    private static final Map<String, Queue<String>> RESULTS = new ConcurrentHashMap<>();
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final int KEYS = 12;
    private static final int DISORDER_MILLIS = 5_000;
    private static final int LENGTH_MILLIS = 120_000;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Runner runner;
    private final int bundle;
    private final int parallelism;
    private final int seed;
    private final Random random;

    public ChangelogOnRunnersTest(Runner runner, int bundle, int parallelism, int seed) {
        this.runner = runner;
        this.bundle = bundle;
        this.parallelism = parallelism;
        this.seed = seed;
        this.random = new Random(seed);
    }

    @Parameters(name = "{0} bundles of {1} on {2}, seed {3}")
    public static List<Object[]> cases() {
        return List.of(
                new Object[] {Runner.DIRECT, 0, 2, 1},
                new Object[] {Runner.FLINK, 1, 1, 2},
                new Object[] {Runner.FLINK, 1_000, 2, 3},
                new Object[] {Runner.FLINK, 50, 3, 4});
    }

    private record Said(String key, long time, String value) {}

    /** In the order of their times, but each up to the allowed disorder too late. */
    private List<Said> said(String name, int count, double deletions) {
        List<Said> said = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String value = random.nextDouble() < deletions ? null : "\"" + name + i + "\"";
            said.add(new Said("k" + random.nextInt(KEYS), random.nextInt(LENGTH_MILLIS), value));
        }
        said.sort(Comparator.comparingLong(one -> one.time() + random(one, DISORDER_MILLIS - 1)));
        return said;
    }

    /** The same for the same. */
    private static int random(Said one, int bound) {
        return Math.floorMod(one.hashCode() * 31, bound);
    }

    private void produce(String topic, int partitions, List<Said> said) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Said one : said) {
            records.add(new ProducerRecord<>(
                    topic,
                    Math.floorMod(one.key().hashCode(), partitions),
                    START.toEpochMilli() + one.time(),
                    one.key().getBytes(UTF_8),
                    one.value() == null ? null : one.value().getBytes(UTF_8)));
        }
        kafka.broker().produce(records);
    }

    /** The plain join: of changes of one key and time, the one that was produced last holds. */
    private static List<String> expected(List<Said> events, List<Said> changes) {
        Map<String, TreeMap<Long, String>> tables = new TreeMap<>();
        changes.forEach(change -> tables.computeIfAbsent(change.key(), none -> new TreeMap<>())
                .put(change.time(), String.valueOf(change.value())));
        return events.stream()
                .map(event -> {
                    Map.Entry<Long, String> version =
                            tables.getOrDefault(event.key(), new TreeMap<>()).floorEntry(event.time());
                    return event.key() + " " + event.value() + "@" + event.time() + " "
                            + (version == null ? "null" : version.getValue());
                })
                .sorted()
                .toList();
    }

    private PipelineOptions options() {
        PipelineOptions options = runner.options();
        if (runner == Runner.FLINK) {
            options.as(FlinkPipelineOptions.class).setMaxBundleSize((long) bundle);
            options.as(FlinkPipelineOptions.class).setParallelism(parallelism);
        }
        return options;
    }

    private KafkaEvents.Read read(String topic, int atATime) {
        return KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), topic).withStop(KafkaStop.END))
                .withEventTimes(EventTimes.ofRecords().withMaxOutOfOrderness(Duration.ofMillis(DISORDER_MILLIS)))
                .readingAtATime(atATime);
    }

    @Test
    public void eachEventHasTheValueThatItsKeyHadAtItsTime() {
        String plays = kafka.topic("plays", 3);
        String profiles = kafka.topic("profiles", 2);
        List<Said> events = said("e", 3_000, 0);
        List<Said> changes = said("c", 800, 0.2);
        produce(plays, 3, events);
        produce(profiles, 2, changes);
        String run = plays + seed;
        RESULTS.put(run, new ConcurrentLinkedQueue<>());

        Pipeline pipeline = Pipeline.create(options());
        PCollection<KV<String, Change<byte[]>>> table = table(pipeline, read(profiles, 7));
        Enrichment<Event, byte[]> enriched = pipeline.apply("Plays", read(plays, 20))
                .events()
                .apply(EnrichAsOf.of(event -> new String(event.key(), UTF_8), table));
        enriched.results().apply("Keep", ParDo.of(new KeepFn(run)));
        enriched.deadLetters().apply("KeepLate", ParDo.of(new KeepLateFn(run)));
        pipeline.run().waitUntilFinish();

        List<String> results = List.copyOf(RESULTS.get(run));
        assertThat(results.stream().sorted().toList(), is(expected(events, changes)));
        if (runner == Runner.FLINK) {
            assertThat(ofKey(results), is(ofKey(inOrder(results))));
        }
    }

    @Test
    public void anEventThatIsAheadOfTheChangelogWaitsForIt() throws Exception {
        String plays = kafka.topic("plays");
        String profiles = kafka.topic("profiles");
        String run = plays + seed;
        RESULTS.put(run, new ConcurrentLinkedQueue<>());
        RESULTS.put(run + " read", new ConcurrentLinkedQueue<>());
        produce(profiles, 1, List.of(new Said("k1", 0, "\"old\"")));
        produce(plays, 1, List.of(new Said("k1", 60_000, "\"e\""), new Said("k2", 90_000, "\"later\"")));
        PipelineOptions options = options();
        if (runner == Runner.DIRECT) {
            options.as(DirectOptions.class).setBlockOnRun(false);
        } else {
            options.as(FlinkPipelineOptions.class).setAttachedMode(false);
        }

        Pipeline pipeline = Pipeline.create(options);
        PCollection<Event> events = pipeline.apply("Plays", live(plays)).events();
        events.apply("KeepRead", ParDo.of(new KeepReadFn(run + " read")));
        events.apply(EnrichAsOf.of(event -> new String(event.key(), UTF_8), table(pipeline, live(profiles))))
                .results()
                .apply("Keep", ParDo.of(new KeepFn(run)));
        PipelineResult running = pipeline.run();
        eventually("events read", () -> List.copyOf(RESULTS.get(run + " read")), contains("k1", "k2"));
        produce(profiles, 1, List.of(new Said("k1", 50_000, "\"new\""), new Said("k1", 70_000, "\"too new\"")));

        eventually("results", () -> List.copyOf(RESULTS.get(run)), contains("k1 \"e\"@60000 \"new\""));
        running.cancel();
    }

    /** A read whose watermark its events alone move. */
    private KafkaEvents.Read live(String topic) {
        return KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), topic))
                .withEventTimes(EventTimes.ofRecords()
                        .withMaxOutOfOrderness(Duration.ofMillis(DISORDER_MILLIS))
                        .withIdleAfter(null));
    }

    private static PCollection<KV<String, Change<byte[]>>> table(Pipeline pipeline, KafkaEvents.Read read) {
        return pipeline.apply("Profiles", read)
                .events()
                .apply("Changes", ParDo.of(new ChangesFn()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCoder.of(ByteArrayCoder.of())));
    }

    private static List<String> inOrder(List<String> results) {
        return results.stream()
                .sorted(Comparator.comparingLong(ChangelogOnRunnersTest::time))
                .toList();
    }

    private static long time(String result) {
        return Long.parseLong(result.substring(result.indexOf('@') + 1, result.lastIndexOf(' ')));
    }

    private static Map<String, List<String>> ofKey(List<String> results) {
        Map<String, List<String>> ofKeys = new TreeMap<>();
        results.forEach(
                result -> ofKeys.computeIfAbsent(result.substring(0, result.indexOf(' ')), none -> new ArrayList<>())
                        .add(result));
        return ofKeys;
    }

    private static final class ChangesFn extends DoFn<Event, KV<String, Change<byte[]>>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element Event said, OutputReceiver<KV<String, Change<byte[]>>> out) {
            out.output(KV.of(
                    new String(said.key(), UTF_8),
                    new Change<>(said.value(), said.id().origin().offset())));
        }
    }

    private static final class KeepReadFn extends DoFn<Event, Void> {
        private static final long serialVersionUID = 1;
        private final String run;

        KeepReadFn(String run) {
            this.run = run;
        }

        @ProcessElement
        public void process(@Element Event event) {
            RESULTS.get(run).add(new String(event.key(), UTF_8));
        }
    }

    private static final class KeepFn extends DoFn<Enriched<Event, byte[]>, Void> {
        private static final long serialVersionUID = 1;
        private final String run;

        KeepFn(String run) {
            this.run = run;
        }

        @ProcessElement
        public void process(@Element Enriched<Event, byte[]> enriched, @Timestamp org.joda.time.Instant time) {
            Event event = enriched.input();
            byte[] value = enriched.value();
            RESULTS.get(run)
                    .add(new String(event.key(), UTF_8) + " " + new String(event.value(), UTF_8) + "@"
                            + (time.getMillis() - START.toEpochMilli()) + " "
                            + (value == null ? "null" : new String(value, UTF_8)));
        }
    }

    private static final class KeepLateFn extends DoFn<Unenriched<Event>, Void> {
        private static final long serialVersionUID = 1;
        private final String run;

        KeepLateFn(String run) {
            this.run = run;
        }

        @ProcessElement
        public void process(@Element Unenriched<Event> late) {
            RESULTS.get(run).add("late " + late);
        }
    }
}
