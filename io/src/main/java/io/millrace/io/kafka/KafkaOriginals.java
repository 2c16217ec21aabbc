package io.millrace.io.kafka;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Records of a source's topics, read again one by one. */
final class KafkaOriginals implements Originals {
    private static final long serialVersionUID = 1;
    private static final Duration POLL = Duration.ofSeconds(1);
    /** How long a record may take to come. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KafkaSource source;

    KafkaOriginals(KafkaSource source) {
        this.source = source;
    }

    @Override
    public Reader open() {
        return open(Ticker.systemTicker());
    }

    /** The same, by another clock. */
    Reader open(Ticker ticker) {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(source.bootstrapServers(), source.properties()));
        configuration.put("auto.offset.reset", "none");
        configuration.put("enable.auto.commit", false);
        configuration.put("allow.auto.create.topics", false);
        configuration.put("max.poll.records", 1);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new ConsumerReader(new KafkaConsumer<>(configuration, bytes, bytes), source, ticker);
    }

    private record ConsumerReader(KafkaConsumer<byte[], byte[]> consumer, KafkaSource source, Ticker ticker)
            implements Reader {

        @Override
        public Optional<Event> event(Origin origin) throws IOException {
            TopicPartition partition = new TopicPartition(topic(origin), origin.partition());
            consumer.assign(List.of(partition));
            consumer.seek(partition, origin.offset());
            try {
                return poll(partition, origin);
            } catch (OffsetOutOfRangeException e) {
                return Optional.empty();
            } catch (TimeoutException e) {
                throw noAnswer(origin);
            }
        }

        private Optional<Event> poll(TopicPartition partition, Origin origin) throws IOException {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            Stopwatch waiting = Stopwatch.createStarted(ticker);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                    return found.offset() == origin.offset()
                            ? Optional.of(EventMaker.event(origin.stream(), found))
                            : Optional.empty();
                }
                if (waiting.elapsed().compareTo(PATIENCE) > 0) {
                    throw noAnswer(origin);
                }
            }
            return Optional.empty();
        }

        private IOException noAnswer(Origin origin) {
            return new IOException("brokers at " + source.bootstrapServers()
                    + " must answer, but did not when asked for offset " + origin.offset()
                    + " of partition " + origin.partition() + " of " + origin.stream());
        }

        @Override
        public boolean has(Origin origin) {
            return topicOf(origin).isPresent();
        }

        private Optional<String> topicOf(Origin origin) {
            return source.topics().stream()
                    .filter(topic -> ConsumerFactory.stream(source, topic).equals(origin.stream()))
                    .findFirst();
        }

        private String topic(Origin origin) {
            return topicOf(origin)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "origin must be of a topic of this source, but was of " + origin.stream()));
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
