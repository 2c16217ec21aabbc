package io.millrace.pipelines;

import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Kafka holds of what a job reads.
 *
 * @param ranges of each partition of each topic
 */
record HeldTopics(Map<String, Map<Integer, OffsetRange>> ranges) {

    /** What it holds now; fails where a partition cannot be read. */
    static HeldTopics now(RouterJob job) {
        Map<String, Map<Integer, OffsetRange>> ranges = new TreeMap<>();
        job.sources().forEach(source -> {
            KafkaSource kafka = source.kafka();
            if (kafka != null) {
                try {
                    ranges.putAll(KafkaEvents.held(kafka));
                } catch (IOException e) {
                    throw new FlinkClusterException(String.valueOf(e.getMessage()), e);
                }
            }
        });
        return new HeldTopics(ranges);
    }

    /** The offsets that they end with. */
    TopicOffsets ends() {
        Map<String, Map<Integer, Long>> ends = new TreeMap<>();
        ranges.forEach((topic, partitions) -> {
            Map<Integer, Long> of = new TreeMap<>();
            partitions.forEach((partition, range) -> of.put(partition, range.end()));
            ends.put(topic, of);
        });
        return new TopicOffsets(ends);
    }

    /** Whether all is there that is next to read. */
    boolean haveAllFrom(TopicOffsets next) {
        return next.offsets().entrySet().stream()
                .allMatch(topic -> topic.getValue().entrySet().stream()
                        .allMatch(one -> Optional.ofNullable(
                                        partitions(topic.getKey()).get(one.getKey()))
                                .filter(range -> one.getValue() < range.first())
                                .isEmpty()));
    }

    /** Whether no topic has more partitions than were read. */
    boolean haveNoMorePartitionsThan(TopicOffsets read) {
        return read.offsets().entrySet().stream()
                .allMatch(topic ->
                        partitions(topic.getKey()).size() <= topic.getValue().size());
    }

    private Map<Integer, OffsetRange> partitions(String topic) {
        return ranges.getOrDefault(topic, Map.of());
    }
}
