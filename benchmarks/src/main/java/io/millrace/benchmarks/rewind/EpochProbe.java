package io.millrace.benchmarks.rewind;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic's results as they come, on a thread of its own, and notes when the first and the last of each epoch came. */
final class EpochProbe implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Long, Came> epochs = new TreeMap<>();
    private final Thread thread = new Thread(this::read, "epoch-probe");
    private volatile boolean reads = true;

    /** When results of an epoch came, by this process's clock. */
    private record Came(long firstNanos, long lastNanos) {
        Came and(long nanos) {
            return new Came(firstNanos, nanos);
        }
    }

    EpochProbe(String bootstrapServers, String topic) {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers), bytes, bytes);
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.start();
    }

    private void read() {
        while (reads) {
            for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
                long epoch = Long.parseLong(
                        new String(result.headers().lastHeader("millrace-epoch").value(), UTF_8));
                note(epoch);
            }
        }
        consumer.close();
    }

    private synchronized void note(long epoch) {
        long now = System.nanoTime();
        epochs.merge(epoch, new Came(now, now), (before, one) -> before.and(now));
    }

    /** Whether results of an epoch have come. */
    synchronized boolean has(long epoch) {
        return epochs.containsKey(epoch);
    }

    /** For how long nothing came between the last result of an epoch and the first of the next. */
    synchronized double secondsBefore(long epoch) {
        Came before = epochs.get(epoch - 1);
        Came after = epochs.get(epoch);
        if (before == null || after == null) {
            throw new IllegalStateException("results of epochs " + (epoch - 1) + " and " + epoch
                    + " must have come, but only of " + epochs.keySet());
        }
        return (after.firstNanos() - before.lastNanos()) / 1e9;
    }

    @Override
    public void close() {
        reads = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
