package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/**
 * Where in Kafka the versions of a script are kept: a topic of one partition, which never forgets a record.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code topic} is blank, or {@code properties} set what reading and
 * writing the topic sets itself.
 */
public record ControlTopic(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(
                value =
                        "The topic of the script's versions. Where it is missing it is made, with one partition that keeps its records for"
                                + " ever. One that is there must have message.timestamp.type LogAppendTime: a record counts only"
                                + " where the broker says when it was published. What becomes of a version is said in"
                                + " <topic>-replies.",
                example = "play_script")
        String topic,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{security.protocol: SASL_SSL, sasl.jaas.config: \"${file:/run/secrets/jaas}\"}")
        Map<String, String> properties)
        implements Serializable {

    private static final Set<String> SET_BY_CONTROL = Set.of(
            "bootstrap.servers",
            "group.id",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "retries",
            "delivery.timeout.ms",
            "request.timeout.ms",
            "max.block.ms",
            "default.api.timeout.ms",
            "isolation.level",
            "enable.auto.commit",
            "auto.offset.reset",
            "allow.auto.create.topics");

    public ControlTopic {
        properties = Map.copyOf(properties);
        checkArgument(
                !bootstrapServers.isBlank(), "bootstrapServers must not be empty, but was '%s'", bootstrapServers);
        checkArgument(!topic.isBlank(), "topic must not be empty, but was '%s'", topic);
        ClientProperties.checkNoneOf(SET_BY_CONTROL, properties);
    }

    /** A topic of a cluster. */
    public static ControlTopic of(String bootstrapServers, String topic) {
        return new ControlTopic(bootstrapServers, topic, Map.of());
    }

    /** The topic in which is said what becomes of versions. */
    public String repliesTopic() {
        return topic + "-replies";
    }
}
