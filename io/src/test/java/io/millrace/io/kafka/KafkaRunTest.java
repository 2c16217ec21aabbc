package io.millrace.io.kafka;

import static io.millrace.io.kafka.WrittenRecord.bytes;
import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.junit.Assume.assumeThat;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** What happens while a read and a write run: idle partitions, a broker that goes away, a stop that comes. */
@RunWith(Parameterized.class)
public class KafkaRunTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final SinkContext EVERYTHING =
            new SinkContext(new Run("plays", "0123456789abcdef", "run-1", 0), "everything", false);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Runner runner;
    private final Pipeline pipeline;

    public KafkaRunTest(Runner runner) {
        this.runner = runner;
        this.pipeline = runner.pipeline();
    }

    @Parameters(name = "{0}")
    public static Runner[] runners() {
        return Runner.values();
    }

    @Test
    public void closesWindowsThoughAPartitionIsEmptyAndOneIsIdleAndEndsWhenTheClockPassesTheStop() throws Exception {
        String plays = kafka.topic("plays", 8);
        int idle = 6; // and the eighth is empty
        for (int partition = 0; partition < idle; partition++) {
            kafka.broker().produce(record(plays, partition, "in time", 5), record(plays, partition, "later", 90));
        }
        kafka.broker().produce(record(plays, idle, "in time", 59));
        HandMovedClock clock = HandMovedClock.at(NOON.plusSeconds(60));
        EventTimes times = EventTimes.ofRecords()
                .withMaxOutOfOrderness(Duration.ofSeconds(1))
                .withIdleAfter(Duration.ofSeconds(1));
        KafkaSource source =
                KafkaSource.of(kafka.bootstrapServers(), plays).withStop(KafkaStop.at(NOON.plusSeconds(1800)));

        Queue<String> counts = new ConcurrentLinkedQueue<>();
        pipeline.apply(KafkaEvents.read(source).withEventTimes(times).withClock(clock))
                .events()
                .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
                .apply(Combine.globally(Count.<Event>combineFn()).withoutDefaults())
                .apply(ParDo.of(new CountedFn()))
                .apply(Hook.on(event -> counts.add(WrittenRecord.text(event.value()))));
        CompletableFuture<?> run =
                CompletableFuture.runAsync(() -> pipeline.run().waitUntilFinish());

        waitUntil("the window closes", () -> {
            clock.move(Duration.ofMillis(20));
            return !counts.isEmpty() || run.isDone();
        });
        assertThat(counts, contains("7"));
        assertThat(run.isDone(), is(false));

        clock.move(Duration.ofSeconds(1800));
        run.get(2, TimeUnit.MINUTES);
        assertThat(counts, contains("7", "6"));
    }

    @Test
    public void commitsItsOffsetsForMonitoring() throws Exception {
        assumeThat("who completes checkpoints", runner, is(Runner.FLINK));
        String plays = kafka.topic("plays");
        kafka.broker().produce(record(plays, 0, "a", 5), record(plays, 0, "b", 10));
        HandMovedClock clock = HandMovedClock.at(NOON.plusSeconds(60));
        String group = kafka.name("group");
        KafkaSource source = KafkaSource.of(kafka.bootstrapServers(), plays)
                .withGroupId(group)
                .withStop(KafkaStop.at(NOON.plusSeconds(1800)));
        pipeline.apply(KafkaEvents.read(source).withClock(clock));
        CompletableFuture<?> run =
                CompletableFuture.runAsync(() -> pipeline.run().waitUntilFinish());

        try (Admin admin = kafka.broker().admin()) {
            Map<TopicPartition, OffsetAndMetadata> both =
                    Map.of(new TopicPartition(plays, 0), new OffsetAndMetadata(2));
            eventually(
                    "offsets of " + group,
                    () -> admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get(),
                    is(both));
        }
        clock.move(Duration.ofSeconds(1800));
        run.get(2, TimeUnit.MINUTES);
    }

    @Test
    public void waitsForABrokerThatGoesAwayAndLosesNothing() throws Exception {
        String in = kafka.topic("in", 2);
        String out = kafka.topic("out", 2);
        kafka.broker().produce(plays(in, 2000));
        CountDownLatch underWay = new CountDownLatch(100);
        CountDownLatch brokerGone = new CountDownLatch(1);
        CompletableFuture<?> run = copy(in, out, event -> {
            underWay.countDown();
            if (underWay.getCount() == 0) {
                brokerGone.await();
            }
        });

        underWay.await();
        kafka.broker().stop();
        brokerGone.countDown();
        kafka.broker().start();
        run.get(3, TimeUnit.MINUTES);

        assertThat(written(out), is(numbers(2000)));
    }

    @Test
    public void deliversEachRecordOnceToAConsumerThatDropsRepeatsThoughAStepFailed() throws Exception {
        assumeThat("who repeats", runner, is(Runner.FLINK));
        String in = kafka.topic("in", 2);
        String out = kafka.topic("out", 2);
        kafka.broker().produce(plays(in, 1000));
        CountDownLatch failures = new CountDownLatch(500);

        CompletableFuture<?> run = copy(in, out, event -> {
            failures.countDown();
            if (failures.getCount() == 1) {
                failures.countDown();
                kafka.broker().produce(plays(in, 10));
                throw new IllegalStateException("the test fails this bundle");
            }
        });
        run.get(3, TimeUnit.MINUTES);

        assertThat(written(out), is(numbers(1000)));
    }

    private CompletableFuture<?> copy(String in, String out, Hook.OnEvent hook) {
        KafkaSource source = KafkaSource.of(kafka.bootstrapServers(), in).withStop(KafkaStop.END);
        PCollection<DeadLetter> refused = pipeline.apply("Read", KafkaEvents.read(source))
                .events()
                .apply("Hook", Hook.on(hook))
                .apply("Write", KafkaEvents.write(KafkaSink.of(kafka.bootstrapServers(), out), EVERYTHING));
        PAssert.that(refused).empty();
        return CompletableFuture.runAsync(() -> pipeline.run().waitUntilFinish());
    }

    /** The values that a consumer keeps, in the order of numbers. */
    private List<Integer> written(String topic) {
        return RepeatsDropped.of(kafka.broker().records(topic)).stream()
                .map(written -> Integer.valueOf(WrittenRecord.text(written.value())))
                .sorted()
                .toList();
    }

    private static List<Integer> numbers(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static List<ProducerRecord<byte[], byte[]>> plays(String topic, int count) {
        List<ProducerRecord<byte[], byte[]>> plays = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            String key = number % 3 == 0 ? null : "profile-" + number % 7;
            plays.add(new ProducerRecord<>(topic, number % 2, NOON.toEpochMilli(), bytes(key), bytes("" + number)));
        }
        return plays;
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, String value, int secondsPastNoon) {
        long time = NOON.plusSeconds(secondsPastNoon).toEpochMilli();
        return new ProducerRecord<>(topic, partition, time, null, bytes(value));
    }

    private static final class CountedFn extends DoFn<Long, Event> {
        @ProcessElement
        public void process(@Element Long count, OutputReceiver<Event> output) {
            output.output(Event.of(new Origin("counts", 0, 0), null, bytes("" + count)));
        }
    }
}
