package io.millrace.io.kafka;

import io.millrace.io.kafka.Deduplicate.Verdict;
import io.millrace.io.sink.Held;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads one partition of a sink's topic from its beginning to its end, and says of each record which result it is, of which epoch, and whether a
 * consumer passes over it.
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
        Deduplicate deduplicate = Deduplicate.fromTheStart();
        try (Consumer<byte[], byte[]> consumer = open(sink)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
                    if (read.offset() < end) {
                        held(read, deduplicate).ifPresent(out::output);
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

    private Optional<Held> held(ConsumerRecord<byte[], byte[]> read, Deduplicate deduplicate) {
        String place = read.topic() + "-" + read.partition() + "@" + read.offset();
        Optional<String> writtenFor = WrittenResult.text(read.headers(), RouteHeaders.ROUTE);
        if (writtenFor.isPresent() && !writtenFor.get().equals(route)) {
            return Optional.empty();
        }
        Optional<WrittenResult> result = writtenFor.flatMap(name -> WrittenResult.of(read.headers()));
        if (result.isEmpty()) {
            return Optional.of(Held.each(place, place + " without the headers of a result"));
        }
        return Optional.of(held(result.get(), deduplicate.judge(result.get()), place));
    }

    private static Held held(WrittenResult result, Verdict verdict, String place) {
        String id = result.id().toString();
        if (verdict.isPassedOver()) {
            return Held.each(id, place).dropped();
        }
        Held held = Held.newest(id, result.epoch(), place);
        return verdict == Verdict.RETRACTION ? held.deleted() : held;
    }
}
