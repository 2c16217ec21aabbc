package io.millrace.io.kafka;

import static io.millrace.io.kafka.WrittenRecord.bytes;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.util.stream.Collectors.joining;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.files.FileEvents;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.OffsetRange;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Run;
import io.millrace.transforms.expression.TimeExpression;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

/** Records that Kafka has deleted, out of an archive, and behind them those that it has. */
public class ArchivedReadTest {
    private static final long NOON = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void givesEachRecordAsItWasAndGoesOnWithKafkaAtExactlyTheNext() throws Exception {
        String plays = kafka.topic("plays", 2);
        produceOddities(plays);
        List<String> before = archive(source(plays));
        deleteAll(plays, 2);
        kafka.broker().produce(events(plays, 50, 60));

        List<String> all = read(source(plays), plays, 2);

        assertThat(before, hasSize(10));
        assertThat(all, hasSize(20));
        assertThat(all.stream().filter(before::contains).sorted().toList(), is(sorted(before)));
    }

    @Test
    public void readsOnInTheArchiveFromAnyOffsetInTheOrderOfOffsets() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceCommitted(events(plays, 0, 20).toList());
        kafka.broker().produceAborted(events(plays, 20, 25).toList());
        kafka.broker().produceCommitted(events(plays, 25, 40).toList());
        archive(source(plays));
        List<Long> offsets = kafka.broker().records(plays).stream()
                .map(ConsumerRecord::offset)
                .toList();
        deleteBefore(plays, 0, 30);

        for (long from : List.of(0L, 7L, 20L, 21L, 26L, 29L, 30L)) {
            assertThat(
                    "from " + from,
                    polledFrom(plays, from, offsets.get(offsets.size() - 1)),
                    is(offsets.stream().filter(offset -> offset >= from).toList()));
        }
    }

    @Test
    public void takesTheMarkOfATransactionForNothingWhenTheNextRecordIsArchived() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceCommitted(events(plays, 0, 5).toList());
        archive(source(plays));
        OffsetRange all = new OffsetRange(0, 6);
        assertThat(KafkaEvents.notArchived(source(plays), plays, 0, all), is(Optional.of(new OffsetRange(5, 6))));

        kafka.broker().produceCommitted(events(plays, 5, 6).toList());
        archive(source(plays));

        assertThat(KafkaEvents.notArchived(source(plays), plays, 0, all), is(Optional.empty()));
    }

    @Test
    public void endsInTheArchiveWhereItsStopIs() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produce(events(plays, 0, 10));
        archive(source(plays));
        deleteAll(plays, 1);

        assertThat(read(source(plays).withStop(KafkaStop.at(Instant.ofEpochMilli(NOON + 4))), plays, 1), hasSize(4));
    }

    @Test
    public void archivesWhatHasNoTimeThatCanBeUsedAndGivesItUpAgain() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "{\"ts\":1}", "no JSON", "{\"ts\":2}");
        KafkaSource source = source(plays);
        EventTimes times = EventTimes.of(TimeExpression.of("event.ts"));
        assertThat(archive(source, times), hasSize(2));
        deleteBefore(plays, 0, 3);
        Pipeline pipeline = Runner.DIRECT.pipeline();

        var read = pipeline.apply(KafkaEvents.read(source).withEventTimes(times).goingOnAt(fromTheBeginning(plays, 1)));

        PAssert.that(read.deadLetters().apply(ParDo.of(new LettersFn()))).containsInAnyOrder("1 notJson");
        assertThat(run(pipeline, read.events()), hasSize(2));
    }

    @Test
    public void refusesWhatNeitherHas() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produce(events(plays, 0, 10));
        KafkaSource source = source(plays);
        archive(source);
        kafka.broker().produce(events(plays, 10, 20));
        deleteBefore(plays, 0, 15);

        assertThat(
                KafkaEvents.notArchived(source, plays, 0, new OffsetRange(3, 15)),
                is(Optional.of(new OffsetRange(10, 15))));
        assertThat(KafkaEvents.notArchived(source, plays, 0, new OffsetRange(3, 10)), is(Optional.empty()));
        assertThat(
                messages(() -> read(source, plays, 1)),
                containsString("archive " + source.archive()
                        + " must have what Kafka has deleted, but offsets 10 to 14 of partition 0 of topic " + plays
                        + " are in neither"));
    }

    @Test
    public void goesOnInTheArchiveWhereKafkaDeletesMoreMeanwhile() throws Exception {
        String plays = kafka.topic("plays");
        kafka.broker().produce(events(plays, 0, 10));
        archive(source(plays));
        deleteBefore(plays, 0, 3);
        KafkaIO.Read<byte[], ?> read = KafkaEvents.read(source(plays)).records();
        try (var consumer = read.getConsumerFactoryFn().apply(read.getConsumerConfig())) {
            TopicPartition partition = new TopicPartition(plays, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 1);
            deleteBefore(plays, 0, 6);
            assertThat(poll(consumer, 9), is(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L)));
        }
    }

    @Test
    public void refusesACompactedTopic() {
        String plays = kafka.topic("plays", 1, Map.of("cleanup.policy", "compact,delete"));

        assertThat(
                messages(() -> read(source(plays), plays, 1)),
                containsString("topic " + plays
                        + " must have cleanup.policy delete where it has an archive, but had compact,delete"));
    }

    private void produceOddities(String plays) {
        kafka.broker().produceCommitted(events(plays, 0, 6).toList());
        kafka.broker().produceAborted(events(plays, 6, 8).toList());
        ProducerRecord<byte[], byte[]> odd =
                new ProducerRecord<>(plays, 0, NOON, new byte[] {(byte) 0xff}, new byte[] {0, (byte) 0xfe, '\n'});
        odd.headers().add("h", bytes("one")).add("h", null).add("h", new byte[] {(byte) 0x80});
        kafka.broker()
                .produceCommitted(List.of(odd, new ProducerRecord<>(plays, 1, NOON, bytes("gone"), (byte[]) null)));
        kafka.broker()
                .produce(
                        new ProducerRecord<>(plays, 0, NOON, null, bytes("last")),
                        new ProducerRecord<>(plays, 1, NOON, null, bytes("last")));
    }

    private static Stream<ProducerRecord<byte[], byte[]>> events(String topic, int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(number -> new ProducerRecord<>(
                        topic, null, NOON + number, bytes("k" + number), bytes("{\"n\":\n" + number + "}")));
    }

    private KafkaSource source(String topic) {
        return KafkaSource.of(kafka.bootstrapServers(), topic)
                .withStop(KafkaStop.END)
                .withArchive(folder.getRoot() + "/archive");
    }

    private List<String> archive(KafkaSource source) throws Exception {
        return archive(source, EventTimes.ofRecords());
    }

    /** Archives what Kafka has, and gives it. */
    private List<String> archive(KafkaSource source, EventTimes times) {
        Pipeline pipeline = Runner.DIRECT.pipeline();
        var read = pipeline.apply(KafkaEvents.read(source).withEventTimes(times).archiving());
        SinkContext context = new SinkContext(new Run("plays", "", "run-1", 0), "archive", false).archive(true);
        read.archived().apply("Archive", FileEvents.write(FolderSink.of(String.valueOf(source.archive())), context));
        return run(pipeline, read.events());
    }

    private static List<String> read(KafkaSource source, String topic, int partitions) {
        Pipeline pipeline = Runner.DIRECT.pipeline();
        var read = pipeline.apply(KafkaEvents.read(source).goingOnAt(fromTheBeginning(topic, partitions)));
        return run(pipeline, read.events());
    }

    private static String fromTheBeginning(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> "\"" + partition + "\":0")
                .collect(joining(",", "{\"" + topic + "\":{", "}}"));
    }

    private static List<String> run(Pipeline pipeline, PCollection<Event> events) {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        events.apply("Collect", Hook.on(event -> seen.add(text(event))));
        pipeline.run().waitUntilFinish();
        return List.copyOf(seen);
    }

    private static String text(Event event) {
        return event.id() + " " + WrittenRecord.text(event.key()) + " " + WrittenRecord.text(event.value()) + " "
                + IntStream.range(0, event.headers().size())
                        .mapToObj(position -> event.headers().name(position) + "="
                                + WrittenRecord.text(event.headers().value(position)))
                        .toList();
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }

    private static String messages(ThrowingRunnable run) {
        Throwable thrown = assertThrows(Throwable.class, run);
        return Throwables.getCausalChain(thrown).toString();
    }

    private List<Long> polledFrom(String topic, long from, long last) {
        KafkaIO.Read<byte[], ?> read = KafkaEvents.read(source(topic)).records();
        try (var consumer = read.getConsumerFactoryFn().apply(read.getConsumerConfig())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            return poll(consumer, last);
        }
    }

    /** The offsets of events up to the last, in the order in which they come. */
    private static List<Long> poll(Consumer<byte[], byte[]> consumer, long last) {
        List<Long> offsets = new ArrayList<>();
        waitUntil("the last", () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(element -> {
                PolledEvents polled = new PolledRecord.Unpacking()
                        .getDeserializer(Map.of(), false)
                        .deserialize(element.topic(), element.headers(), element.value());
                for (int position = 0; position < polled.size(); position++) {
                    offsets.add(polled.event(position).id().origin().offset());
                }
            });
            return offsets.contains(last);
        });
        return offsets;
    }

    private void deleteAll(String topic, int partitions) throws Exception {
        for (int partition = 0; partition < partitions; partition++) {
            deleteBefore(topic, partition, -1); // up to the end
        }
    }

    private void deleteBefore(String topic, int partition, long offset) throws Exception {
        try (Admin admin = kafka.broker().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    private static final class LettersFn extends DoFn<DeadLetter, String> {
        @ProcessElement
        public void process(@Element DeadLetter letter, OutputReceiver<String> output) {
            output.output(letter.event().id().origin().offset() + " "
                    + letter.reason().text());
        }
    }
}
