package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.ControlLogException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the one partition of a topic up to the end that it has when it is asked. */
final class OnePartition implements AutoCloseable {
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);
    private static final Duration AT_A_TIME = Duration.ofMillis(100);
    private static final Map<String, Object> READING = Map.of(
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "none",
            "allow.auto.create.topics",
            false,
            "default.api.timeout.ms",
            Math.toIntExact(ANSWERED_WITHIN.toMillis()),
            "request.timeout.ms",
            Math.toIntExact(ANSWERED_WITHIN.toMillis()));

    private final String name;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> came = new ArrayList<>();

    private OnePartition(ControlTopic settings, String topic) {
        this.name = "control topic " + topic + " at " + settings.bootstrapServers();
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
        configuration.putAll(READING);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        this.consumer = new KafkaConsumer<>(configuration, bytes, bytes);
        consumer.assign(Set.of(partition));
    }

    /** Begins at the first record that there is. */
    static OnePartition fromBeginning(ControlTopic settings, String topic) {
        return new OnePartition(settings, topic)
                .at((consumer, partition) -> consumer.seekToBeginning(Set.of(partition)));
    }

    /** Begins behind the last record that there is now. */
    static OnePartition fromEnd(ControlTopic settings, String topic) {
        return new OnePartition(settings, topic).at((consumer, partition) -> consumer.seekToEnd(Set.of(partition)));
    }

    private OnePartition at(BiConsumer<KafkaConsumer<byte[], byte[]>, TopicPartition> seek) {
        try {
            seek.accept(consumer, partition);
            position(); // seeks now, not when something is read
            return this;
        } catch (KafkaException e) {
            close();
            throw e;
        }
    }

    /** The offset behind what was read. */
    long position() {
        return consumer.position(partition, ANSWERED_WITHIN);
    }

    /** What has come since the last time. The end is asked for first, so nothing is missing that was there by then. */
    List<ConsumerRecord<byte[], byte[]>> read() throws IOException {
        try {
            readUpTo(requireNonNull(
                    consumer.endOffsets(Set.of(partition), ANSWERED_WITHIN).get(partition)));
        } catch (InvalidOffsetException e) {
            throw new ControlLogException(
                    name + " must keep its records, but has lost some before they were read: start the job again", e);
        } catch (KafkaException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
        List<ConsumerRecord<byte[], byte[]>> records = List.copyOf(came);
        came.clear();
        return records;
    }

    /** What comes within a moment, which is waited for. */
    List<ConsumerRecord<byte[], byte[]>> poll() throws IOException {
        try {
            return consumer.poll(AT_A_TIME).records(partition);
        } catch (KafkaException e) {
            throw new IOException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void readUpTo(long end) throws IOException {
        long begun = System.nanoTime();
        long position = position();
        if (end < position) {
            throw new ControlLogException(name + " must keep its records, but ends at " + end + " and was read up to "
                    + position + ": start the job again");
        }
        while (position < end) {
            if (System.nanoTime() - begun > ANSWERED_WITHIN.toNanos()) {
                throw new IOException(name + " must give its records within " + ANSWERED_WITHIN.toSeconds()
                        + " s, but was read up to " + position + " of " + end);
            }
            came.addAll(consumer.poll(AT_A_TIME).records(partition));
            position = position();
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}
