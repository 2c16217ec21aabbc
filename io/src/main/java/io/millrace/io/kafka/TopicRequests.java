package io.millrace.io.kafka;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Asks a job that runs, by a topic, and listens to what it answers from then on.
 *
 * <p>For one thread at a time.
 */
public final class TopicRequests implements Closeable {
    private final RequestTopic topic;
    private final OnePartition answers;

    private TopicRequests(RequestTopic topic, OnePartition answers) {
        this.topic = topic;
        this.answers = answers;
    }

    /** Makes the topics where they are missing. */
    public static void make(RequestTopic topic) throws IOException {
        ControlFailures.orIoException(topic.control(), "made", () -> {
            try (ControlTopics topics = new ControlTopics(topic.control())) {
                topics.makeRequests();
                topics.makeReplies();
            }
            return true;
        });
    }

    /** Begins to listen. */
    public static TopicRequests open(RequestTopic topic) throws IOException {
        make(topic);
        return ControlFailures.orIoException(
                topic.control(),
                "listened to",
                () -> new TopicRequests(topic, OnePartition.fromEnd(topic.control(), topic.repliesTopic())));
    }

    /** Asks, and returns when the request is in the topic. */
    public void send(byte[] request) throws IOException {
        ControlFailures.orIoException(topic.control(), "written", () -> {
            try (KafkaProducer<byte[], byte[]> producer = TopicLogWriter.producer(topic.control())) {
                return producer.send(new ProducerRecord<>(topic.topic(), 0, null, request))
                        .get()
                        .offset();
            }
        });
    }

    /** The answers that have come since the last time, to whomever; where there are none, those that come within a moment. */
    public List<byte[]> read() throws IOException {
        return answers.poll().stream()
                .map(ConsumerRecord::value)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void close() {
        answers.close();
    }
}
