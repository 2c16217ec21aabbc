package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to a control topic by connections that are there before the first record is. */
final class TopicLogWriter implements ControlLog.Writer {
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(15);
    private static final Map<String, Object> WRITING = Map.of(
            "acks",
            "all",
            "enable.idempotence",
            true,
            "max.block.ms",
            ANSWERED_WITHIN.toMillis(),
            "request.timeout.ms",
            5_000,
            "delivery.timeout.ms",
            Math.toIntExact(ANSWERED_WITHIN.toMillis()),
            "linger.ms",
            0);

    private final ControlTopic settings;
    private final KafkaProducer<byte[], byte[]> producer;

    private TopicLogWriter(ControlTopic settings, KafkaProducer<byte[], byte[]> producer) {
        this.settings = settings;
        this.producer = producer;
    }

    /** Connects, and gets meanwhile the id by which a record that is sent again is not written twice. */
    static TopicLogWriter open(ControlTopic settings) {
        KafkaProducer<byte[], byte[]> producer = producer(settings);
        try {
            producer.partitionsFor(settings.topic());
            return new TopicLogWriter(settings, producer);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** What writes to the topics of a log. */
    static KafkaProducer<byte[], byte[]> producer(ControlTopic settings) {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
        configuration.putAll(WRITING);
        ByteArraySerializer serializer = new ByteArraySerializer();
        return new KafkaProducer<>(configuration, serializer, serializer);
    }

    @Override
    public Instant append(ControlRecord control) throws IOException {
        return ControlFailures.orIoException(
                settings,
                "written",
                () -> Instant.ofEpochMilli(producer.send(
                                new ProducerRecord<>(settings.topic(), 0, bytes(control.id()), bytes(control.toJson())))
                        .get()
                        .timestamp()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
