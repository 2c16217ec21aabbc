package io.millrace.io.kafka;

import io.millrace.io.source.OffsetRange;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Which offsets the partitions of a source's topics hold, when they are asked. */
final class TopicRanges {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);

    private final KafkaSource source;

    TopicRanges(KafkaSource source) {
        this.source = source;
    }

    Map<String, Map<Integer, OffsetRange>> ask() throws IOException {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(source.bootstrapServers(), source.properties()));
        configuration.put("isolation.level", "read_committed"); // an end behind which nothing can be read yet
        configuration.put("enable.auto.commit", false);
        configuration.put("allow.auto.create.topics", false);
        configuration.put("default.api.timeout.ms", Math.toIntExact(ANSWER_WITHIN.toMillis()));
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        Map<String, Map<Integer, OffsetRange>> ranges = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configuration, bytes, bytes)) {
            for (String topic : source.topics()) {
                ranges.put(topic, of(topic, consumer));
            }
        } catch (KafkaException e) {
            throw new IOException(
                    "brokers at " + source.bootstrapServers() + " must say what their topics hold, but: "
                            + e.getMessage(),
                    e);
        }
        return ranges;
    }

    private Map<Integer, OffsetRange> of(String topic, KafkaConsumer<byte[], byte[]> consumer) throws IOException {
        @Nullable List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new IOException(
                    "topic " + topic + " at " + source.bootstrapServers() + " must be there, but does not exist");
        }
        List<TopicPartition> partitions = found.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        Map<Integer, OffsetRange> ranges = new TreeMap<>();
        partitions.forEach(partition -> ranges.put(
                partition.partition(),
                new OffsetRange(first.getOrDefault(partition, 0L), end.getOrDefault(partition, 0L))));
        return ranges;
    }
}
