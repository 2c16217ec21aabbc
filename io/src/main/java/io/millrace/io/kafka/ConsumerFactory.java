package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Opens the consumers of a read. It is serialised with the read, into every checkpoint, so it holds references to secrets and
 * resolves them when it opens a consumer.
 */
final class ConsumerFactory implements SerializableFunction<Map<String, Object>, Consumer<byte[], byte[]>> {
    private static final long serialVersionUID = 2;
    private static final String ASKS_FOR_ENDS = "millrace.asks.for.ends";

    /** Within this time a topic's new partitions are noticed, where the user's settings say no other. */
    private static final int MAX_METADATA_AGE_MILLIS = 30_000;

    /** What KafkaIO adds to the configuration of the consumer that asks for the ends of partitions. */
    static final Map<String, Object> OF_END_CONSUMER = Map.of(ASKS_FOR_ENDS, true);

    private final KafkaSource source;
    private final EventTimes times;
    private final ReadProgress progress;
    private final Clock clock;
    private final int maxEventsInElement;

    ConsumerFactory(KafkaSource source, EventTimes times, ReadProgress progress, Clock clock, int maxEventsInElement) {
        this.source = source;
        this.times = times;
        this.progress = progress;
        this.clock = clock;
        this.maxEventsInElement = maxEventsInElement;
    }

    @Override
    public Consumer<byte[], byte[]> apply(Map<String, Object> configuration) {
        Map<String, Object> resolved = new HashMap<>(configuration);
        resolved.putAll(ClientProperties.resolve(source.bootstrapServers(), source.properties()));
        if (resolved.remove(ASKS_FOR_ENDS) == null) {
            return new ReadConsumer(
                    resolved,
                    progress,
                    topic -> new EventMaker(stream(source, topic), times, clock),
                    source,
                    maxEventsInElement == 0
                            ? ReadConsumer.MAX_EVENTS_IN_ELEMENT
                            : maxEventsInElement); // 0 of old checkpoints
        }
        resolved.putIfAbsent("metadata.max.age.ms", MAX_METADATA_AGE_MILLIS);
        return new EndConsumer(resolved, progress, clock);
    }

    /** The name of a topic's stream. */
    static String stream(KafkaSource source, String topic) {
        String cluster = ClusterIds.of(source.bootstrapServers(), source.properties());
        return cluster + "/" + topic + (source.generation() == 0 ? "" : "@" + source.generation());
    }
}
