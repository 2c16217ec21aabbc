package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/**
 * Where in Kafka the events of routes wait whose sinks do not keep up: a topic for each route.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code topicPrefix} is blank, {@code partitions} are none, or
 * {@code properties} set what parking sets itself.
 */
public record KafkaParking(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(
                value =
                        "What the names of the topics begin with: a route's events wait in <topicPrefix>-<route>. Those that are"
                                + " missing are made when the job starts, and keep their records until they are delivered.",
                example = "play_events_parked")
        String topicPrefix,

        @Setting(
                value = "How many partitions each topic has: in how many parts events are delivered later at a time.",
                byDefault = "4")
        int partitions,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{security.protocol: SASL_SSL, sasl.jaas.config: \"${file:/run/secrets/jaas}\"}")
        Map<String, String> properties)
        implements Serializable {

    /** How many partitions a topic has unless it is said. */
    public static final int DEFAULT_PARTITIONS = 4;

    private static final Set<String> SET_BY_PARKING = Set.of(
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
            "max.block.ms",
            "partitioner.class",
            "enable.auto.commit",
            "auto.offset.reset",
            "allow.auto.create.topics");

    public KafkaParking {
        properties = Map.copyOf(properties);
        checkArgument(
                !bootstrapServers.isBlank(), "bootstrapServers must not be empty, but was '%s'", bootstrapServers);
        checkArgument(!topicPrefix.isBlank(), "topicPrefix must not be empty, but was '%s'", topicPrefix);
        checkArgument(partitions >= 1, "partitions must be at least 1, but was %s", partitions);
        ClientProperties.checkNoneOf(SET_BY_PARKING, properties);
    }

    /** Topics of a cluster. */
    public static KafkaParking of(String bootstrapServers, String topicPrefix) {
        return new KafkaParking(bootstrapServers, topicPrefix, DEFAULT_PARTITIONS, Map.of());
    }

    /** The topic in which a route's events wait. */
    public String topic(String route) {
        return topicPrefix + "-" + route;
    }
}
