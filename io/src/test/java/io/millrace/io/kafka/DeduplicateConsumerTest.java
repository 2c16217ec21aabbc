package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.joda.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A plain consumer of a real topic, as the README shows it, that keeps results, marks and offsets together and is started anew each time. */
public class DeduplicateConsumerTest {
    private static final int PARTITIONS = 2;
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Map<String, String> results = new TreeMap<>();
    private final Map<TopicPartition, String> marks = new HashMap<>();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private String out;

    @Before
    public void createTopic() {
        out = kafka.topic("out", PARTITIONS);
    }

    @Test
    public void holdsEachResultOnceAndOfARewoundJobWhatThatHasMadeAgain() throws Exception {
        write(0, "wrong", 0, 6);
        consume();
        assertThat(results, is(results("wrong", 0, 6)));

        write(0, "wrong", 2, 8);
        consume();
        assertThat("after a failure", results, is(results("wrong", 0, 8)));

        write(1, "right", 4, 7);
        consume();
        write(0, "of a zombie", 6, 9);
        write(1, "right", 5, 10);
        consume();

        Map<String, String> expected = results("wrong", 0, 4);
        expected.putAll(results("right", 4, 10));
        assertThat("after a rewind", results, is(expected));
    }

    private void consume() {
        List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(out, partition))
                .toList();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.assign(all);
            all.forEach(partition -> consumer.seek(partition, offsets.getOrDefault(partition, 0L)));
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Map<TopicPartition, Deduplicate> partitions = new HashMap<>();
            all.forEach(partition -> partitions.put(partition, kept(partition)));
            while (all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, String> read : consumer.poll(Duration.ofMillis(100))) {
                    apply(read, partitions);
                }
            }
            partitions.forEach((partition, deduplicate) -> {
                marks.put(partition, deduplicate.marks());
                offsets.put(partition, consumer.position(partition));
            });
        }
    }

    private Deduplicate kept(TopicPartition partition) {
        return marks.containsKey(partition)
                ? Deduplicate.goingOnFrom(marks.get(partition))
                : Deduplicate.fromTheStart();
    }

    private void apply(ConsumerRecord<String, String> read, Map<TopicPartition, Deduplicate> partitions) {
        String id = new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
        TopicPartition partition = new TopicPartition(read.topic(), read.partition());
        switch (partitions.get(partition).judge(read.headers())) {
            case NEW, CORRECTION -> results.put(id, read.value());
            case RETRACTION -> results.remove(id);
            case REPEAT, STALE -> {}
        }
    }

    private KafkaConsumer<String, String> consumer() {
        StringDeserializer text = new StringDeserializer();
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "enable.auto.commit", false), text, text);
    }

    private void write(long epoch, String value, int first, int end) throws RefusedException {
        SinkContext context = new SinkContext(new Run("plays", "0123456789abcdef", "run-1", epoch), "all", true);
        try (TopicProducer producer = TopicProducer.open(KafkaSink.of(kafka.bootstrapServers(), out), context)) {
            for (int number = first; number < end; number++) {
                producer.send(producer.record(
                        Event.of(id(number), bytes("k" + number), bytes(value), Headers.empty()), NOON));
            }
            producer.flush();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Map<String, String> results(String value, int first, int end) {
        Map<String, String> results = new TreeMap<>();
        IntStream.range(first, end).forEach(number -> results.put(id(number).toString(), value));
        return results;
    }

    private static ResultId id(int number) {
        return ResultId.of(new Origin("cluster/plays", number % 2, number / 2)).madeBy("all");
    }
}
