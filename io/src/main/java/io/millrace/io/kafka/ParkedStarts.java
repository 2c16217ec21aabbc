package io.millrace.io.kafka;

import io.millrace.transforms.event.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Where the events were read that still wait in parking. */
final class ParkedStarts implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaParking settings;
    private final ParkedTopics topics;

    ParkedStarts(KafkaParking settings) {
        this.settings = settings;
        this.topics = new ParkedTopics(settings);
    }

    /** The offset of the first event of each partition that waits for a route. */
    StartOffsets of(String route) throws IOException, InterruptedException {
        Map<TopicPartition, Long> ends = ends(route);
        Map<TopicPartition, Long> released = new HashMap<>();
        topics.progress(
                ends.isEmpty() ? Set.of() : Set.of(settings.topic(route)),
                (partition, progress) -> released.put(partition, progress.released()));
        ends.entrySet().removeIf(end -> released.getOrDefault(end.getKey(), 0L) >= end.getValue());
        Map<TopicPartition, Long> first = new HashMap<>();
        if (!ends.isEmpty()) {
            read(ends, released, first);
        }
        return new StartOffsets(first);
    }

    private void read(
            Map<TopicPartition, Long> ends, Map<TopicPartition, Long> released, Map<TopicPartition, Long> first)
            throws IOException {
        Map<String, Object> configuration =
                ClientProperties.resolve(settings.bootstrapServers(), settings.properties());
        configuration.put("auto.offset.reset", "earliest");
        configuration.put("enable.auto.commit", false);
        configuration.put("allow.auto.create.topics", false);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configuration, bytes, bytes)) {
            consumer.assign(ends.keySet());
            ends.keySet().forEach(partition -> consumer.seek(partition, released.getOrDefault(partition, 0L)));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> parked : consumer.poll(POLL)) {
                    Origin origin =
                            ParkedRecords.decode(parked.value()).event().id().origin();
                    first.merge(
                            new TopicPartition(KafkaEvents.topicOf(origin.stream()), origin.partition()),
                            origin.offset(),
                            Math::min);
                }
            }
        }
    }

    private Map<TopicPartition, Long> ends(String route) throws InterruptedException {
        return new HashMap<>(topics.ends(ParkedTopics.all(topics.partitions(Set.of(settings.topic(route))))));
    }

    /** Lets all that waits for a route count as delivered. */
    void forget(String route) throws InterruptedException {
        topics.release(settings.topic(route), ends(route));
    }

    @Override
    public void close() {
        topics.close();
    }
}
