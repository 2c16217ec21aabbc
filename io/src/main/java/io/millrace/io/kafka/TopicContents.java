package io.millrace.io.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The committed records of a sink's topic, from the first that it holds to the end that it has when it is asked, in this process. */
final class TopicContents {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration MORE_WITHIN = Duration.ofSeconds(30);

    private final KafkaSink sink;

    TopicContents(KafkaSink sink) {
        this.sink = sink;
    }

    /** Gives the values to an action, one after the other, those of a partition in their order. */
    void forEach(Consumer<byte[]> action) throws IOException {
        forEachRecord(read -> {
            if (read.value() != null) {
                action.accept(read.value());
            }
        });
    }

    /** Gives the records to an action, one after the other, those of a partition in their order. */
    void forEachRecord(Consumer<ConsumerRecord<byte[], byte[]>> action) throws IOException {
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = ReadPartitionFn.open(sink)) {
            for (TopicPartition partition : partitions(consumer)) {
                read(partition, consumer, action);
            }
        } catch (KafkaException e) {
            throw new IOException(name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private List<TopicPartition> partitions(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer)
            throws IOException {
        @Nullable List<PartitionInfo> partitions = consumer.partitionsFor(sink.topic());
        if (partitions == null || partitions.isEmpty()) {
            throw new IOException(name() + " must be there, but does not exist");
        }
        return partitions.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
                .toList();
    }

    private void read(
            TopicPartition partition,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            Consumer<ConsumerRecord<byte[], byte[]>> action)
            throws IOException {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
        long end = ends.getOrDefault(partition, 0L);
        long position = consumer.position(partition);
        long movedNanos = System.nanoTime();
        while (position < end) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                if (read.offset() < end) {
                    action.accept(read);
                }
            }
            long now = consumer.position(partition);
            movedNanos = now > position ? System.nanoTime() : movedNanos;
            position = now;
            checkMoves(position, end, movedNanos);
        }
    }

    private void checkMoves(long position, long end, long movedNanos) throws IOException {
        if (position < end && System.nanoTime() - movedNanos > MORE_WITHIN.toNanos()) {
            throw new IOException(name() + " must give more records within " + MORE_WITHIN.toSeconds()
                    + " s, but was read up to " + position + " of " + end);
        }
    }

    private String name() {
        return "topic " + sink.topic() + " at " + sink.bootstrapServers();
    }
}
