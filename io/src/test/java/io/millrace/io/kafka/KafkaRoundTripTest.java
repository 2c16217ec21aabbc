package io.millrace.io.kafka;

import static io.millrace.io.kafka.WrittenRecord.bytes;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** What Kafka holds is what comes out of {@link KafkaEvents#read} and goes back through {@link KafkaEvents#write}. */
@RunWith(Parameterized.class)
public class KafkaRoundTripTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Run RUN = new Run("plays", "0123456789abcdef", "run-1", 3);
    private static final SinkContext EVERYTHING = new SinkContext(RUN, "everything", false);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Runner runner;

    public KafkaRoundTripTest(Runner runner) {
        this.runner = runner;
    }

    @Parameters(name = "{0}")
    public static Runner[] runners() {
        return Runner.values();
    }

    @Test
    public void keepsKeysValuesAndHeadersAsTheyAre() throws Exception {
        String in = kafka.topic("in");
        String out = kafka.topic("out");
        ProducerRecord<byte[], byte[]> odd = record(in, "\u0000\u00ff", "not json");
        odd.headers().add("trace", bytes("1")).add("empty", null).add("trace", bytes("2"));
        kafka.broker().produce(record(in, "k", "{}"), record(in, "k", null), record(in, null, "v"), odd);

        copy(in, out);

        assertThat(
                written(out),
                contains(
                        new WrittenRecord(0, "k", "{}", stamps(in, 0)),
                        new WrittenRecord(0, "k", null, stamps(in, 1)),
                        new WrittenRecord(0, null, "v", stamps(in, 2)),
                        new WrittenRecord(
                                0,
                                WrittenRecord.text(bytes("\u0000\u00ff")),
                                "not json",
                                plus(List.of("trace=1", "empty=null", "trace=2"), stamps(in, 3)))));
    }

    @Test
    public void passesTheRecordsTimeOn() throws Exception {
        String in = kafka.topic("in");
        String out = kafka.topic("out");
        kafka.broker().produce(record(in, "k", "v"));

        copy(in, out);

        ConsumerRecord<byte[], byte[]> copied = kafka.broker().records(out).get(0);
        assertThat(Instant.ofEpochMilli(copied.timestamp()), is(NOON));
    }

    @Test
    public void readsWhatWasCommittedAndEndsBehindTrailingAbortedTransactionsAndInEmptyPartitions() throws Exception {
        String in = kafka.topic("in", 3);
        String out = kafka.topic("out");
        kafka.broker().produceAborted(List.of(record(in, "aborted", "1")));
        kafka.broker().produceCommitted(List.of(record(in, "committed", "2"), record(in, "committed", "3")));
        kafka.broker().produceAborted(List.of(record(in, "aborted", "4"), record(in, "aborted", "5")));

        copy(in, out);

        assertThat(written(out).stream().map(WrittenRecord::value).toList(), contains("2", "3"));
    }

    @Test
    public void keepsTheOrderOfAnInputPartitionAlsoWithoutKeys() throws Exception {
        String in = kafka.topic("in", 2);
        String out = kafka.topic("out", 4);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < 2000; number++) {
            records.add(new ProducerRecord<>(in, number % 2, NOON.toEpochMilli(), null, bytes("" + number)));
        }
        kafka.broker().produce(records);

        copy(in, out);

        List<List<String>> partitions = new ArrayList<>(kafka.broker().records(out).stream()
                .collect(Collectors.groupingBy(
                        ConsumerRecord::partition,
                        Collectors.mapping(written -> WrittenRecord.text(written.value()), Collectors.toList())))
                .values());
        assertThat(partitions, containsInAnyOrder(equalTo(numbers(0, 2000)), equalTo(numbers(1, 2000))));
    }

    private void copy(String in, String out) {
        Pipeline pipeline = runner.pipeline();
        KafkaSource source = KafkaSource.of(kafka.bootstrapServers(), in).withStop(KafkaStop.END);
        PCollection<DeadLetter> refused = pipeline.apply("Read", KafkaEvents.read(source))
                .events()
                .apply("Write", KafkaEvents.write(KafkaSink.of(kafka.bootstrapServers(), out), EVERYTHING));
        PAssert.that(refused).empty();
        assertThat(pipeline.run().waitUntilFinish(), is(PipelineResult.State.DONE));
    }

    private List<WrittenRecord> written(String topic) {
        return kafka.broker().records(topic).stream().map(WrittenRecord::of).toList();
    }

    private List<String> stamps(String topic, long offset) throws Exception {
        return List.of(
                "millrace-id=" + clusterId() + "/" + topic + ":0:" + offset + ";;0",
                "millrace-epoch=3",
                "millrace-route=everything",
                "millrace-spec=0123456789abcdef");
    }

    private String clusterId() throws Exception {
        try (var admin = kafka.broker().admin()) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static List<String> plus(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    private static List<String> numbers(int first, int end) {
        List<String> numbers = new ArrayList<>();
        for (int number = first; number < end; number += 2) {
            numbers.add("" + number);
        }
        return numbers;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
        return new ProducerRecord<>(topic, 0, NOON.toEpochMilli(), bytes(key), bytes(value));
    }
}
