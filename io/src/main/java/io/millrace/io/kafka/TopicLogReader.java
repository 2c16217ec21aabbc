package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Read;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the one partition of a control topic up to the end that it has when it is asked. */
final class TopicLogReader implements ControlLog.Reader {
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

    private final ControlTopic settings;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<ConsumerRecord<byte[], byte[]>> came = new ArrayList<>();

    TopicLogReader(ControlTopic settings, String topic) {
        this.settings = settings;
        this.partition = new TopicPartition(topic, 0);
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
        configuration.putAll(READING);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        this.consumer = new KafkaConsumer<>(configuration, bytes, bytes);
        consumer.assign(Set.of(partition));
        consumer.seekToBeginning(Set.of(partition));
    }

    @Override
    public Read read() throws IOException {
        return new Read(readRecords().stream().map(TopicLogReader::entry).toList(), true);
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> one) {
        String text = one.value() == null ? "" : new String(one.value(), UTF_8);
        return new Entry(text, one.timestamp() < 0 ? null : Instant.ofEpochMilli(one.timestamp()));
    }

    /** What has come since the last time. The end is asked for first, so nothing is missing that was there by then. */
    List<ConsumerRecord<byte[], byte[]>> readRecords() throws IOException {
        try {
            long end = requireNonNull(
                    consumer.endOffsets(Set.of(partition), ANSWERED_WITHIN).get(partition));
            readUpTo(end);
        } catch (KafkaException e) {
            throw new IOException(
                    "control topic " + partition.topic() + " at " + settings.bootstrapServers() + " cannot be read: "
                            + e.getMessage(),
                    e);
        }
        List<ConsumerRecord<byte[], byte[]>> records = List.copyOf(came);
        came.clear();
        return records;
    }

    private void readUpTo(long end) throws IOException {
        long begun = System.nanoTime();
        long position = consumer.position(partition, ANSWERED_WITHIN);
        if (end < position) {
            throw new IOException("control topic " + partition.topic() + " at " + settings.bootstrapServers()
                    + " must keep its records, but ends at " + end + " and was read up to " + position
                    + ": it was made anew, and the job must be started again");
        }
        while (position < end) {
            if (System.nanoTime() - begun > ANSWERED_WITHIN.toNanos()) {
                throw new IOException("control topic " + partition.topic() + " at " + settings.bootstrapServers()
                        + " must give its records within " + ANSWERED_WITHIN.toSeconds() + " s, but was read up to "
                        + position + " of " + end);
            }
            came.addAll(consumer.poll(AT_A_TIME).records(partition));
            position = consumer.position(partition, ANSWERED_WITHIN);
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ZERO);
    }
}
