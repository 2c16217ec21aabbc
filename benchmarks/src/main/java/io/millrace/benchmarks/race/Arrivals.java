package io.millrace.benchmarks.race;

import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.transforms.event.SystemClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How long results took until a consumer has them, each with the time of its event as its own. */
public final class Arrivals implements AutoCloseable {
    private final Latency latency = new Latency();
    private final Clock clock = SystemClock.utc();
    private final KafkaConsumer<byte[], byte[]> consumer;

    private Arrivals(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Of the first partitions of a topic. */
    public static Arrivals of(KafkaBroker broker, String topic, int partitions) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.poll.records", 5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> assigned = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
        return new Arrivals(consumer);
    }

    /** What was counted so far. */
    public Latency latency() {
        return latency;
    }

    /** Counts for a time. */
    public void countFor(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            count();
        }
    }

    /** Counts those that are there, and says how many they were. */
    public int count() {
        ConsumerRecords<byte[], byte[]> results = consumer.poll(Duration.ofMillis(100));
        long now = clock.millis();
        for (ConsumerRecord<byte[], byte[]> result : results) {
            latency.add(now - result.timestamp());
        }
        return results.count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
