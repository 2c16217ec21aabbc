package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Where in Kafka a job that runs is asked for something, and where it answers: topics of one partition.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code topic} is blank, or {@code properties} set what reading and
 * writing the topics sets itself.
 */
public record RequestTopic(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(
                value =
                        "The topic of requests. Answers are in <topic>-replies. Where they are missing they are made, with one partition each.",
                example = "locations-control")
        String topic,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{security.protocol: SASL_SSL, sasl.jaas.config: \"${file:/run/secrets/jaas}\"}")
        Map<String, String> properties)
        implements Serializable {

    public RequestTopic {
        properties = Map.copyOf(properties);
        checkArgument(!topic.isBlank(), "topic must not be empty, but was '%s'", topic);
        new ControlTopic(bootstrapServers, topic, properties);
    }

    /** Topics of a cluster. */
    public static RequestTopic of(String bootstrapServers, String topic) {
        return new RequestTopic(bootstrapServers, topic, Map.of());
    }

    /** The topic of answers. */
    public String repliesTopic() {
        return control().repliesTopic();
    }

    /** The read of the requests that come from now on. */
    public KafkaSource source() {
        return new KafkaSource(
                bootstrapServers,
                List.of(topic),
                null,
                KafkaStart.parse("latest"),
                null,
                KafkaStop.NEVER,
                0,
                null,
                properties);
    }

    /** What answers are written by. */
    public KafkaSink replies() {
        return KafkaSink.of(bootstrapServers, repliesTopic()).withProperties(properties);
    }

    ControlTopic control() {
        return new ControlTopic(bootstrapServers, topic, properties);
    }
}
