package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.sink.Held;
import io.millrace.transforms.event.ResultId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads one partition of a sink's topic from its beginning to its end, and says of each record which result it is and whether a
 * consumer drops it as a repeat.
 */
final class ReadPartitionFn extends DoFn<Integer, Held> {
    private static final long serialVersionUID = 1;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSink sink;
    private final String route;

    ReadPartitionFn(KafkaSink sink, String route) {
        this.sink = sink;
        this.route = route;
    }

    @ProcessElement
    public void process(@Element Integer number, OutputReceiver<Held> out) {
        TopicPartition partition = new TopicPartition(sink.topic(), number);
        HighWaterMarks marks = new HighWaterMarks();
        try (Consumer<byte[], byte[]> consumer = open(sink)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    if (read.offset() < end) {
                        held(read, marks).ifPresent(out::output);
                    }
                }
            }
        }
    }

    /** A consumer of a sink's topic, of committed records and without a group. */
    static Consumer<byte[], byte[]> open(KafkaSink sink) {
        Map<String, Object> configuration =
                new HashMap<>(ClientProperties.resolve(sink.bootstrapServers(), sink.properties()));
        configuration.put("isolation.level", "read_committed");
        configuration.put("auto.offset.reset", "none");
        configuration.put("enable.auto.commit", false);
        configuration.put("allow.auto.create.topics", false);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(configuration, bytes, bytes);
    }

    private Optional<Held> held(ConsumerRecord<byte[], byte[]> read, HighWaterMarks marks) {
        String place = read.topic() + "-" + read.partition() + "@" + read.offset();
        Optional<String> writtenFor = header(read, RouteHeaders.ROUTE);
        if (writtenFor.isPresent() && !writtenFor.get().equals(route)) {
            return Optional.empty();
        }
        Optional<ResultId> id =
                writtenFor.flatMap(name -> header(read, IdHeaders.NAME)).flatMap(ReadPartitionFn::parse);
        if (id.isEmpty()) {
            return Optional.of(Held.each(place, place + " without the headers of a result"));
        }
        Held held = Held.each(id.get().toString(), place);
        String epoch = header(read, RouteHeaders.EPOCH).orElse("");
        boolean byIdentity = header(read, RouteHeaders.REPLAY).isPresent()
                || header(read, RouteHeaders.UNORDERED).isPresent();
        return Optional.of(marks.drop(id.get(), epoch, byIdentity) ? held.dropped() : held);
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> read, String name) {
        return Optional.ofNullable(read.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, UTF_8));
    }

    private static Optional<ResultId> parse(String text) {
        try {
            return Optional.of(ResultId.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
