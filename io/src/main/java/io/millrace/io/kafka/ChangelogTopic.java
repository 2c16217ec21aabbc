package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A topic whose records say what is new of their keys. It is always read from its earliest record: what it says is a table only from there.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code topic} is blank, or {@code properties} set what the read sets
 * itself.
 */
public record ChangelogTopic(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(
                value =
                        "The topic. A record's key is the key, its value the new value, a JSON document, and its time when that begins"
                                + " to hold; without a value the key is deleted. All records of a key must be in one partition. In a"
                                + " compacted topic, an event of an old time sees what compaction has left; of a deletion that is removed while"
                                + " the job is down for longer than delete.retention.ms nothing is known, and the value stays.",
                example = "profiles")
        String topic,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{security.protocol: SASL_SSL, sasl.jaas.config: \"${file:/run/secrets/jaas}\"}")
        Map<String, String> properties)
        implements Serializable {

    public ChangelogTopic {
        properties = Map.copyOf(properties);
        checkArgument(!topic.isBlank(), "topic must not be empty, but was '%s'", topic);
        source(bootstrapServers, topic, KafkaStop.NEVER, properties);
    }

    /** The read of the whole topic, up to a stop. */
    public KafkaSource source(KafkaStop stop) {
        return source(bootstrapServers, topic, stop, properties);
    }

    private static KafkaSource source(
            String bootstrapServers, String topic, KafkaStop stop, Map<String, String> properties) {
        return new KafkaSource(
                bootstrapServers, List.of(topic), null, KafkaSource.DEFAULT_START, null, stop, 0, null, properties);
    }
}
