package io.millrace.io.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The consumer that KafkaIO asks once a second for the end of each partition: it notes the answer, and from time to time looks
 * whether a topic has gained partitions.
 */
final class EndConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final long TOPIC_CHECK_MILLIS = Duration.ofSeconds(30).toMillis();

    private final ReadProgress progress;
    private final Clock clock;
    private long topicsCheckedAt = Long.MIN_VALUE;

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
        if (askedAt >= topicsCheckedAt + TOPIC_CHECK_MILLIS) {
            topicsCheckedAt = askedAt;
            partitions.stream().map(TopicPartition::topic).distinct().forEach(this::checkNotGrown);
        }
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
