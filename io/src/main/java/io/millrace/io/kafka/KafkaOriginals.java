package io.millrace.io.kafka;

import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Origin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Records of a source's topics, read again one by one. */
final class KafkaOriginals implements Originals {
    private static final long serialVersionUID = 1;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSource source;

    KafkaOriginals(KafkaSource source) {
        this.source = source;
    }

    @Override
    public Reader open() {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(source.bootstrapServers(), source.properties()));
        configuration.put("auto.offset.reset", "none");
        configuration.put("enable.auto.commit", false);
        configuration.put("max.poll.records", 1);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new ConsumerReader(new KafkaConsumer<>(configuration, bytes, bytes), source);
    }

    private record ConsumerReader(KafkaConsumer<byte[], byte[]> consumer, KafkaSource source) implements Reader {

        @Override
        public Optional<byte[]> value(Origin origin) {
            TopicPartition partition = new TopicPartition(topic(origin), origin.partition());
            consumer.assign(List.of(partition));
            consumer.seek(partition, origin.offset());
            try {
                return poll(partition, origin.offset());
            } catch (OffsetOutOfRangeException e) {
                return Optional.empty();
            }
        }

        private Optional<byte[]> poll(TopicPartition partition, long offset) {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                    return found.offset() == offset ? Optional.ofNullable(found.value()) : Optional.empty();
                }
            }
            return Optional.empty();
        }

        private String topic(Origin origin) {
            return source.topics().stream()
                    .filter(topic -> ConsumerFactory.stream(source, topic).equals(origin.stream()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "origin must be of a topic of this source, but was of " + origin.stream()));
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
