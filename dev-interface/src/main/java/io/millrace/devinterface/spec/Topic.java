package io.millrace.devinterface.spec;

import io.millrace.io.kafka.ControlTopic;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.RequestTopic;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A topic of Kafka that a spec reads or writes.
 *
 * @param path where it stands in the spec
 * @param bootstrapServers where its cluster is reached
 * @param name its name
 */
record Topic(String path, String bootstrapServers, String name) {

    /** The topics of a source. */
    static Stream<Topic> readFrom(NamedSource source) {
        KafkaSource kafka = source.spec().kafka();
        return kafka == null
                ? Stream.empty()
                : kafka.topics().stream()
                        .map(topic -> new Topic(source.path() + ".kafka.topics", kafka.bootstrapServers(), topic));
    }

    /** The topic of a sink, if it has one. */
    static Optional<Topic> writtenBy(SinkSpec<?> sink, String path) {
        return sink.config() instanceof KafkaSink kafka
                ? Optional.of(new Topic(path + ".kafka.topic", kafka.bootstrapServers(), kafka.topic()))
                : Optional.empty();
    }

    /** The topics of a dynamic script: of its versions, and of what becomes of them. */
    static Stream<Topic> controlling(DynamicSpec dynamic, String path) {
        ControlTopic kafka = dynamic.kafka();
        return kafka == null
                ? Stream.empty()
                : Stream.of(kafka.topic(), kafka.repliesTopic())
                        .map(topic -> new Topic(path + ".kafka.topic", kafka.bootstrapServers(), topic));
    }

    /** The topics of a view: of requests, and of what is answered. */
    static Stream<Topic> controlling(ViewControlSpec control, String path) {
        RequestTopic kafka = control.kafka();
        return Stream.of(kafka.topic(), kafka.repliesTopic())
                .map(topic -> new Topic(path + ".kafka.topic", kafka.bootstrapServers(), topic));
    }

    boolean isSameAs(Topic other) {
        return name.equals(other.name) && isReachedBy(other.bootstrapServers);
    }

    /** Whether some broker of its cluster is one of these. */
    boolean isReachedBy(String bootstrapServers) {
        return !Collections.disjoint(brokers(this.bootstrapServers), brokers(bootstrapServers));
    }

    private static List<String> brokers(String bootstrapServers) {
        return Arrays.stream(bootstrapServers.toLowerCase(Locale.ROOT).split(","))
                .map(broker -> broker.strip().replaceFirst("^.*://", ""))
                .toList();
    }
}
