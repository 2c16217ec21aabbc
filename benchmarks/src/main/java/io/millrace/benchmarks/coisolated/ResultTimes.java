package io.millrace.benchmarks.coisolated;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.millrace.benchmarks.coisolated.FrozenSinkTrial.Seen;
import io.millrace.benchmarks.coisolated.FrozenSinkTrial.Span;
import io.millrace.benchmarks.race.Latency;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * When results were appended, and when their events were, in the order in which they are found. A sample: one of the partitions of each
 * topic.
 */
final class ResultTimes {
    private static final int PARTITIONS = 8;
    private static final ObjectReader JSON = new ObjectMapper().readerFor(Map.class);

    private long[] events = new long[1 << 16];
    private long[] appended = new long[1 << 16];
    private int count;

    ResultTimes() {}

    /** Of what topics hold now, each of 8 partitions. */
    static ResultTimes of(KafkaBroker broker, List<String> topics) {
        ResultTimes times = new ResultTimes();
        List<TopicPartition> sample =
                topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.poll.records", 10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(sample);
            consumer.seekToBeginning(sample);
            Map<TopicPartition, Long> ends = consumer.endOffsets(sample);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(times::add);
            }
        }
        return times;
    }

    private void add(ConsumerRecord<byte[], byte[]> result) {
        try {
            Map<?, ?> value = JSON.readValue(result.value());
            add(Instant.parse((String) value.get("at")).toEpochMilli(), result.timestamp());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(long event, long append) {
        if (count == events.length) {
            events = Arrays.copyOf(events, 2 * count);
            appended = Arrays.copyOf(appended, 2 * count);
        }
        events[count] = event;
        appended[count++] = append;
    }

    /** What the topics were given in a span, and how long the results of its events took. */
    Seen seen(Span span) {
        Latency latency = new Latency();
        long results = 0;
        for (int i = 0; i < count; i++) {
            if (span.has(events[i])) {
                latency.add(appended[i] - events[i]);
            }
            if (span.has(appended[i])) {
                results++;
            }
        }
        return new Seen(
                span.sent() / span.seconds(),
                PARTITIONS * results / span.seconds(),
                latency.percentile(0.5),
                latency.percentile(0.99));
    }
}
