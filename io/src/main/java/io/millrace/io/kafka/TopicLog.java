package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A control log in a topic. A record is published at the time that the broker gives it when it is appended.
 *
 * @param settings the topic
 */
record TopicLog(ControlTopic settings) implements ControlLog {

    @Override
    public String name() {
        return settings.topic() + " at " + settings.bootstrapServers();
    }

    @Override
    public boolean exists() throws IOException {
        return ControlFailures.orIoException(settings, "read", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                return topics.hasLog();
            }
        });
    }

    @Override
    public Reader open() throws IOException {
        return ControlFailures.orIoException(settings, "read", () -> {
            ControlTopics topics = new ControlTopics(settings);
            try {
                topics.makeLog();
                return read(topics);
            } catch (Exception e) {
                topics.close();
                throw e;
            }
        });
    }

    private Reader read(ControlTopics topics) throws InterruptedException, ExecutionException {
        topics.warnIfItForgets();
        return new TopicLogReader(settings, topics);
    }

    /** Begins to write; not into a topic that would forget it. */
    @Override
    public Writer write() throws IOException {
        return ControlFailures.orIoException(settings, "written", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeLog();
                topics.checkItForgetsNothing();
            }
            return TopicLogWriter.open(settings);
        });
    }

    @Override
    public void reply(List<ControlReply> replies) throws IOException {
        ControlFailures.orIoException(settings, "replied to", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeReplies();
            }
            try (KafkaProducer<byte[], byte[]> producer = TopicLogWriter.producer(settings)) {
                List<Future<?>> sent = new ArrayList<>();
                replies.forEach(one -> sent.add(producer.send(record(one))));
                producer.flush();
                for (Future<?> one : sent) {
                    one.get();
                }
            }
            return true;
        });
    }

    private ProducerRecord<byte[], byte[]> record(ControlReply reply) {
        return new ProducerRecord<>(
                settings.repliesTopic(),
                0,
                reply.record().getBytes(UTF_8),
                reply.toJson().getBytes(UTF_8));
    }

    @Override
    public Replies listen() throws IOException {
        return ControlFailures.orIoException(settings, "listened to", () -> {
            try (ControlTopics topics = new ControlTopics(settings)) {
                topics.makeReplies();
            }
            return new TopicLogReplies(settings);
        });
    }
}
