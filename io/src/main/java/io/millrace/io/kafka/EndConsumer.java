package io.millrace.io.kafka;

import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The consumer that KafkaIO asks once a second for the end of each partition: it notes the answer, and looks whether a topic has
 * gained partitions, which the client knows as soon as it has refreshed its metadata.
 */
final class EndConsumer extends KafkaConsumer<byte[], byte[]> {
    private final ReadProgress progress;
    private final Clock clock;

    EndConsumer(Map<String, Object> configuration, ReadProgress progress, Clock clock) {
        super(configuration);
        this.progress = progress;
        this.clock = clock;
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        long askedAt = clock.millis();
        Map<TopicPartition, Long> ends = super.endOffsets(partitions);
        ends.forEach((partition, end) -> progress.of(partition).observeEnd(end, askedAt));
        partitions.stream().map(TopicPartition::topic).distinct().forEach(this::checkNotGrown);
        return ends;
    }

    private void checkNotGrown(String topic) {
        try {
            progress.bounds().checkNotGrown(topic, partitionsFor(topic).size());
        } catch (IllegalStateException e) {
            progress.fail(e);
        }
    }
}
