package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/**
 * Which topic of Kafka a route writes to, and how its client is set.
 *
 * <p><i>Fails</i>: at construction, where {@code bootstrapServers} or {@code topic} is blank, {@code max.request.size} is no number, or
 * {@code properties} set what the write sets itself so that no record is lost or repeated: acknowledgements, idempotence, retries,
 * partitioning. A topic that does not exist, or is compacted while {@code retract} is {@code record}, fails when the pipeline runs.
 */
public record KafkaSink(
        @Setting(
                value = "Where the Kafka cluster is reached, as host:port, joined by commas.",
                example = "localhost:9092")
        String bootstrapServers,

        @Setting(value = "The topic to write to; it must exist.", example = "play_events_all")
        String topic,

        @Setting(
                value =
                        "Settings of the Kafka client. ${env:NAME} and ${file:PATH} are resolved where the client is opened.",
                byDefault = "{}",
                example = "{compression.type: zstd}")
        Map<String, String> properties,

        @Setting(
                value =
                        "What becomes of results that a rewound job or a restatement has not made again: none, they stay; record, each is followed by"
                                + " a record with its key, no value, and the headers millrace-id and millrace-retracts; tombstone,"
                                + " for keys that name one result each, each key whose last result it is gets a record without a"
                                + " value.",
                byDefault = "none")
        Retract retract)
        implements Serializable {

    /** The largest request of a producer unless {@code max.request.size} says otherwise. */
    public static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;

    /** How the client batches unless {@code properties} say otherwise. */
    public static final Map<String, Object> CLIENT_DEFAULTS = Map.of("linger.ms", 10, "batch.size", 131_072);

    private static final int BYTES_BESIDE_THE_VALUE = 4096;
    private static final String MAX_REQUEST_SIZE = "max.request.size";

    private static final Set<String> SET_BY_THE_WRITE = Set.of(
            "bootstrap.servers",
            "key.serializer",
            "value.serializer",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "retries",
            "delivery.timeout.ms",
            "max.block.ms",
            "partitioner.class",
            "partitioner.ignore.keys");

    public KafkaSink {
        properties = Map.copyOf(properties);
        checkArgument(
                !bootstrapServers.isBlank(), "bootstrapServers must not be empty, but was '%s'", bootstrapServers);
        checkArgument(!topic.isBlank(), "topic must not be empty, but was '%s'", topic);
        checkArgument(
                properties.getOrDefault(MAX_REQUEST_SIZE, "1").matches("[1-9][0-9]{0,8}"),
                "properties.max.request.size must be a number of bytes, but was %s",
                properties.get(MAX_REQUEST_SIZE));
        ClientProperties.checkNoneOf(SET_BY_THE_WRITE, properties);
    }

    /** A topic of a cluster. */
    public static KafkaSink of(String bootstrapServers, String topic) {
        return new KafkaSink(bootstrapServers, topic, Map.of(), Retract.NONE);
    }

    /** The same, of another topic. */
    public KafkaSink withTopic(String topic) {
        return new KafkaSink(bootstrapServers, topic, properties, retract);
    }

    /** The same, where what is not made again is taken back, or not. */
    public KafkaSink withRetract(Retract retract) {
        return new KafkaSink(bootstrapServers, topic, properties, retract);
    }

    /** The same, with other settings of the client. */
    public KafkaSink withProperties(Map<String, String> properties) {
        return new KafkaSink(bootstrapServers, topic, properties, retract);
    }

    /** The largest value that fits into a request beside a key and headers of usual size. */
    int maxValueBytes() {
        String bytes = properties.get(MAX_REQUEST_SIZE);
        int request = bytes == null ? DEFAULT_MAX_REQUEST_BYTES : Integer.parseInt(bytes);
        return Math.max(1, request - BYTES_BESIDE_THE_VALUE);
    }
}
