package io.millrace.io.kafka;

import static io.millrace.io.kafka.WrittenRecord.bytes;
import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.io.source.EventTimes;
import io.millrace.io.source.EventsRead;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.TimeExpression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark.PartitionMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** From where to where a read goes, and which times it gives. */
public class KafkaReadTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Pipeline pipeline = Runner.DIRECT.pipeline();

    @Test
    public void beginsAtTheFirstRecordOfATimeAndAtTheEndWhereThereIsNone() {
        String plays = kafka.topic("plays", 2);
        kafka.broker().produce(record(plays, 0, "a", 0), record(plays, 0, "b", 60), record(plays, 1, "c", 0));

        assertRead(toEnd(plays).withStart(KafkaStart.at(NOON.plusSeconds(30))), "b");
    }

    @Test
    public void beginsAtTheOffsetsOfAFile() throws Exception {
        String plays = kafka.topic("plays", 2);
        kafka.broker().produce(record(plays, 0, "a", 0), record(plays, 0, "b", 60), record(plays, 1, "c", 0));
        Path offsets = folder.newFile().toPath();
        Files.writeString(offsets, "{\"" + plays + "\": {\"0\": 1, \"1\": 1}}");

        assertRead(toEnd(plays).withStartOffsets(offsets.toString()), "b");
    }

    @Test
    public void refusesOffsetsThatDoNotNameEveryPartition() {
        String plays = kafka.topic("plays", 2);
        pipeline.apply(KafkaEvents.read(toEnd(plays).withStartOffsets("{\"" + plays + "\": {\"0\": 0}}")));

        assertThat(
                failure(),
                containsString("startOffsets must name the partitions [0, 1] of topic " + plays + ", but name [0]"));
    }

    @Test
    public void refusesOffsetsThatTheTopicDoesNotHold() {
        String plays = kafka.topic("plays");
        pipeline.apply(KafkaEvents.read(toEnd(plays).withStartOffsets("{\"" + plays + "\": {\"0\": 7}}")));

        assertThat(
                failure(),
                containsString(
                        "startOffsets of " + plays + "-0 must be from 0 to 0, which the topic holds, but was 7"));
    }

    @Test
    public void refusesATopicThatDoesNotExist() {
        pipeline.apply(KafkaEvents.read(toEnd("no-such-topic")));

        assertThat(
                failure(),
                containsString("topic no-such-topic must be at " + kafka.bootstrapServers()
                        + ", but does not exist: it must be created before it is read"));
    }

    @Test
    public void namesTheBrokersThatDoNotAnswer() {
        pipeline.apply(KafkaEvents.read(KafkaSource.of("127.0.0.1:1", "plays")
                .withProperties(Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "1000"))));

        assertThat(
                failure(),
                containsString("brokers at 127.0.0.1:1 must answer, but did not when asked for topic plays"));
    }

    @Test
    public void goesOnAtTheOffsetsThatWereReachedAndReadsWhatATopicGainedFromItsBeginning() {
        String plays = kafka.topic("plays", 3);
        String more = kafka.topic("more");
        kafka.broker().produce(record(plays, 0, "a", 0), record(plays, 0, "b", 0), record(plays, 1, "c", 0));
        kafka.broker().produce(record(plays, 2, "d", 0), record(more, 0, "e", 0));
        String reached = KafkaEvents.offsets(List.of(mark(plays, 0, 1), mark(plays, 1, 1)));

        PCollection<String> read = pipeline.apply(KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), plays, more)
                                .withStart(KafkaStart.LATEST)
                                .withStop(KafkaStop.END))
                        .goingOnAt(reached))
                .events()
                .apply(ParDo.of(new ValuesFn()));

        PAssert.that(read).containsInAnyOrder("b", "d");
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void refusesToGoOnInATopicThatWasMadeAnewWithFewerPartitions() {
        String plays = kafka.topic("plays");
        pipeline.apply(KafkaEvents.read(toEnd(plays)).goingOnAt("{\"" + plays + "\":{\"0\":0,\"1\":7}}"));

        assertThat(
                failure(),
                containsString(
                        "topic " + plays + " must still have the partitions [0, 1] that were read, but has [0]"));
    }

    @Test
    public void doesNotTakeForReachedWhatIsNotKnownOfEveryPartition() {
        assertThat(
                KafkaEvents.offsets(List.of(mark("b", 1, 7), mark("b", 0, 0), mark("a", 0, 3))),
                is("{\"a\":{\"0\":3},\"b\":{\"0\":0,\"1\":7}}"));
        assertThrows(IllegalArgumentException.class, () -> KafkaEvents.offsets(List.of(mark("a", 1, 3))));
        assertThrows(IllegalArgumentException.class, () -> KafkaEvents.offsets(List.of(mark("a", 0, -1))));
    }

    private static KafkaCheckpointMark mark(String topic, int partition, long nextOffset) {
        return new KafkaCheckpointMark(List.of(new PartitionMark(topic, partition, nextOffset, 0)), Optional.empty());
    }

    @Test
    public void failsWhenATopicGainsPartitions() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "a");
        CountDownLatch reading = new CountDownLatch(1);
        pipeline.apply(KafkaEvents.read(KafkaSource.of(kafka.bootstrapServers(), plays)
                        .withProperties(Map.of("metadata.max.age.ms", "500"))))
                .events()
                .apply(Hook.on(event -> reading.countDown()));

        CompletableFuture<String> failure = CompletableFuture.supplyAsync(this::failure);
        reading.await();
        try (Admin admin = kafka.broker().admin()) {
            admin.createPartitions(Map.of(plays, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
        }

        assertThat(
                failure.get(2, TimeUnit.MINUTES),
                containsString("topic " + plays + " must keep its 1 partitions while it is read, but has 2 now"));
    }

    @Test
    public void failsWhereTheNextRecordWasDeletedBeforeItWasRead() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "a", "b", "c");
        TopicPartition partition = new TopicPartition(plays, 0);
        try (Admin admin = kafka.broker().admin()) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }
        KafkaIO.Read<byte[], ?> read = KafkaEvents.read(toEnd(plays)).records();

        try (var consumer = read.getConsumerFactoryFn().apply(read.getConsumerConfig())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1); // as from a checkpoint
            assertThat(
                    eventually("failure", () -> messageOfPoll(consumer), not(is(""))),
                    startsWith("partitions must still hold the offsets {" + partition
                            + "=1} that are next to read, but begin at {" + partition + "=2} and end at {" + partition
                            + "=3}: retention deleted records before they were read"));
        }
        assertRead(toEnd(plays), "c");
    }

    @Test
    public void failsWhereAnErrorWouldEndKafkaIosThreadWithoutAWord() {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "a");
        pipeline.apply(KafkaEvents.read(
                toEnd(plays).withProperties(Map.of("interceptor.classes", ThrowsAnError.class.getName()))));

        assertThat(failure(), containsString("records could not be read: java.lang.OutOfMemoryError: of the test"));
    }

    /** What decompression may do to a poll. */
    public static final class ThrowsAnError implements ConsumerInterceptor<byte[], byte[]> {
        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            throw new OutOfMemoryError("of the test");
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configuration) {}
    }

    private static String messageOfPoll(Consumer<?, ?> consumer) {
        try {
            consumer.poll(Duration.ofMillis(100));
            return "";
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    @Test
    public void endsBeforeTheFirstRecordOfAStopsTime() {
        String plays = kafka.topic("plays", 2);
        kafka.broker()
                .produce(
                        record(plays, 0, "a", 0),
                        record(plays, 0, "b", 60),
                        record(plays, 0, "c", 0),
                        record(plays, 1, "d", 30));

        assertRead(
                KafkaSource.of(kafka.bootstrapServers(), plays).withStop(KafkaStop.at(NOON.plusSeconds(60))), "a", "d");
    }

    @Test
    public void namesTheGenerationInTheStream() {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "{}");

        PCollection<String> streams = pipeline.apply(
                        KafkaEvents.read(toEnd(plays).withGeneration(2)))
                .events()
                .apply(ParDo.of(new StreamsFn()));
        PAssert.that(streams).containsInAnyOrder("/" + plays + "@2");
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void givesTheTimesThatAnExpressionComputesAndDeadLettersWhereItCannot() {
        String plays = kafka.topic("plays");
        ProducerRecord<byte[], byte[]> withHeader = record(plays, 0, "{\"ts\":\"2026-01-31T11:00:00Z\"}", 0);
        withHeader.headers().add("source", bytes("mine"));
        kafka.broker()
                .produce(
                        record(plays, 0, "{\"ts\":\"2026-01-31T11:59:00Z\"}", 0),
                        record(plays, 0, "{\"ts\":\"2026-01-31T13:00:01Z\"}", 0),
                        record(plays, 0, "{\"ts\":true}", 0),
                        record(plays, 0, "{}", 0),
                        record(plays, 0, "{\"ts\":", 0),
                        record(plays, 0, null, 0),
                        withHeader);

        EventsRead read = pipeline.apply(
                KafkaEvents.read(toEnd(plays)).withEventTimes(EventTimes.of(TimeExpression.of("event.ts"))));

        PAssert.that(read.events().apply("Times", ParDo.of(new TimesFn())))
                .containsInAnyOrder("0 at 2026-01-31T11:59:00.000Z {}", "6 at 2026-01-31T11:00:00.000Z {source=mine}");
        PAssert.that(read.deadLetters().apply("Problems", ParDo.of(new ProblemsFn())))
                .containsInAnyOrder(
                        "1 at 2026-01-31T11:58:50.000Z: eventTimeTooFarAhead {}: eventTime: 2026-01-31T13:00:01Z is too far"
                                + " ahead of the record's own time, 2026-01-31T12:00:00Z",
                        "2 at 2026-01-31T11:58:50.000Z: eventTimeUnreadable {}",
                        "3 at 2026-01-31T11:58:50.000Z: eventTimeUnreadable {}",
                        "4 at 2026-01-31T11:58:50.000Z: notJson {}",
                        "5 at 2026-01-31T11:58:50.000Z: noValue {}");
        pipeline.run().waitUntilFinish();
    }

    private void assertRead(KafkaSource source, String... values) {
        PCollection<String> read =
                pipeline.apply(KafkaEvents.read(source)).events().apply(ParDo.of(new ValuesFn()));
        PAssert.that(read).containsInAnyOrder(values);
        pipeline.run().waitUntilFinish();
    }

    private String failure() {
        Throwable thrown = assertThrows(Throwable.class, () -> pipeline.run().waitUntilFinish());
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        return messages.toString();
    }

    private KafkaSource toEnd(String topic) {
        return KafkaSource.of(kafka.bootstrapServers(), topic).withStop(KafkaStop.END);
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, String value, int secondsPastNoon) {
        long time = NOON.plusSeconds(secondsPastNoon).toEpochMilli();
        return new ProducerRecord<>(topic, partition, time, null, bytes(value));
    }

    private static final class ValuesFn extends DoFn<Event, String> {
        @ProcessElement
        public void process(@Element Event event, OutputReceiver<String> output) {
            output.output(WrittenRecord.text(event.value()));
        }
    }

    private static final class StreamsFn extends DoFn<Event, String> {
        @ProcessElement
        public void process(@Element Event event, OutputReceiver<String> output) {
            String stream = event.id().origin().stream();
            output.output(stream.substring(stream.indexOf('/')));
        }
    }

    private static final class TimesFn extends DoFn<Event, String> {
        @ProcessElement
        public void process(
                @Element Event event, @Timestamp org.joda.time.Instant time, OutputReceiver<String> output) {
            output.output(event.id().origin().offset() + " at " + time + " " + event.headers());
        }
    }

    private static final class ProblemsFn extends DoFn<DeadLetter, String> {
        @ProcessElement
        public void process(
                @Element DeadLetter letter, @Timestamp org.joda.time.Instant time, OutputReceiver<String> output) {
            Event event = letter.event();
            String message = letter.eventTime().equals(DeadLetter.NO_TIME) ? "" : ": " + letter.message();
            output.output(event.id().origin().offset() + " at " + time + ": "
                    + letter.reason().text() + " " + event.headers() + message);
        }
    }
}
