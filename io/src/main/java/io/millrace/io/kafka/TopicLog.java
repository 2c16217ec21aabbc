package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A control log in a topic. A record is published at the time that the broker gives it when it is appended.
 *
 * @param settings the topic
 */
record TopicLog(ControlTopic settings) implements ControlLog {
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

    @Override
    public String name() {
        return settings.topic() + " at " + settings.bootstrapServers();
    }

    @Override
    public Reader open() throws IOException {
        return orIoException("read", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeLog();
                topics.warnIfItForgets();
            }
            return new TopicLogReader(settings, settings.topic());
        });
    }

    /** Writes a record; not into a topic that would forget it. */
    @Override
    public void append(ControlRecord control) throws IOException {
        orIoException("written", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeLog();
                topics.checkItForgetsNothing();
            }
            send(List.of(new ProducerRecord<>(settings.topic(), 0, bytes(control.id()), bytes(control.toJson()))));
            return true;
        });
    }

    @Override
    public void reply(List<ControlReply> replies) throws IOException {
        orIoException("written", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeReplies();
            }
            send(replies.stream()
                    .map(reply -> new ProducerRecord<>(
                            settings.repliesTopic(), 0, bytes(reply.record()), bytes(reply.toJson())))
                    .toList());
            return true;
        });
    }

    @Override
    public List<ControlReply> replies(String control) throws IOException {
        return orIoException("read", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeReplies();
            }
            List<ControlReply> replies = new ArrayList<>();
            try (TopicLogReader reader = new TopicLogReader(settings, settings.repliesTopic())) {
                for (ConsumerRecord<byte[], byte[]> reply : reader.readRecords()) {
                    if (reply.key() != null && new String(reply.key(), UTF_8).equals(control)) {
                        replies.add(ControlReply.parse(new String(reply.value(), UTF_8)));
                    }
                }
            }
            return replies;
        });
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException, ExecutionException {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(settings.bootstrapServers(), settings.properties()));
        configuration.putAll(WRITING);
        ByteArraySerializer serializer = new ByteArraySerializer();
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(configuration, serializer, serializer)) {
            records.forEach(one -> sent.add(producer.send(one)));
            producer.flush();
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private <T> T orIoException(String what, Action<T> action) throws IOException {
        try {
            return action.run();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while control topic " + name() + " was " + what);
        } catch (ExecutionException e) {
            throw failed(what, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw failed(what, e);
        }
    }

    private IOException failed(String what, Throwable why) {
        return new IOException("control topic " + name() + " cannot be " + what + ": " + why.getMessage(), why);
    }

    private interface Action<T> {
        T run() throws IOException, InterruptedException, ExecutionException;
    }
}
