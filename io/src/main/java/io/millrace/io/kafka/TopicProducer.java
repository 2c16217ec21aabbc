package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkState;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.SystemClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An idempotent producer for one topic that makes records of events and tells refused records from errors.
 *
 * <p>Its time-outs are as good as infinite, so a broker that does not answer makes it wait: for space in its buffer, for metadata,
 * for acknowledgements. Each of these waits ends when the thread is interrupted.
 */
final class TopicProducer implements AutoCloseable {
    /** The settings of a client that loses nothing, repeats nothing, and waits for brokers as long as it takes. */
    static final Map<String, Object> NEVER_GIVES_UP = Map.of(
            "acks", "all",
            "enable.idempotence", true,
            "retries", Integer.MAX_VALUE,
            "delivery.timeout.ms", Integer.MAX_VALUE,
            "max.block.ms", Long.MAX_VALUE);

    private static final Header RETRACTS = header(RouteHeaders.RETRACTS, "true");

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final TopicRules rules;
    private final Clock clock = SystemClock.utc(); // the broker's rules are by its clock, which this one is near
    private final IdHeaders ids = new IdHeaders();
    private final Header epoch;
    private final Header route;
    private final Header spec;
    private final @Nullable Header replay;
    private final @Nullable Header unordered;

    private TopicProducer(Producer<byte[], byte[]> producer, String topic, TopicRules rules, SinkContext context) {
        this.producer = producer;
        this.topic = topic;
        this.rules = rules;
        this.epoch = header(RouteHeaders.EPOCH, Long.toString(context.run().epoch()));
        this.route = header(RouteHeaders.ROUTE, context.route());
        this.spec = header(RouteHeaders.SPEC, context.run().specVersion());
        this.replay = context.run().isReplay()
                ? header(RouteHeaders.REPLAY, context.run().lineage())
                : null;
        this.unordered = context.inOrder() ? null : header(RouteHeaders.UNORDERED, "true");
    }

    /** Opens a producer for a topic, which must exist. */
    static TopicProducer open(KafkaSink sink, SinkContext context) {
        TopicRules rules = TopicRules.ask(sink);
        checkState(
                !rules.compacted() || sink.retract() != Retract.RECORD,
                "topic %s must not be compacted with retract: record, whose records would remove their keys: retract: tombstone is"
                        + " for keys",
                sink.topic());
        ByteArraySerializer bytes = new ByteArraySerializer();
        return new TopicProducer(
                new KafkaProducer<>(configuration(sink, rules), bytes, bytes), sink.topic(), rules, context);
    }

    /** A batch that is larger than its topic takes would be split into batches of that very size, again and again. */
    private static Map<String, Object> configuration(KafkaSink sink, TopicRules rules) {
        Map<String, Object> configuration = ClientProperties.resolve(sink.bootstrapServers(), sink.properties());
        KafkaSink.CLIENT_DEFAULTS.forEach(configuration::putIfAbsent);
        int batchBytes = Integer.parseInt(String.valueOf(configuration.get("batch.size")));
        configuration.put("batch.size", Math.min(batchBytes, rules.maxBatchBytes()));
        configuration.putAll(NEVER_GIVES_UP);
        return configuration;
    }

    /** The record of an event. */
    ProducerRecord<byte[], byte[]> record(Event event, Instant timestamp) throws RefusedException {
        rules.checkKey(event);
        ProducerRecord<byte[], byte[]> kafkaRecord =
                new ProducerRecord<>(topic, partition(event), millis(timestamp), event.key(), event.value());
        addHeaders(event.headers(), kafkaRecord);
        addIdentity(event.id(), kafkaRecord);
        return kafkaRecord;
    }

    /** The record that takes back the result of an identity, which is in a partition under a key. */
    ProducerRecord<byte[], byte[]> retraction(ResultId id, int partition, byte @Nullable [] key) {
        ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(topic, partition, key, null);
        addIdentity(id, kafkaRecord);
        kafkaRecord.headers().add(RETRACTS);
        return kafkaRecord;
    }

    /** The record of a result that another topic of as many partitions has. */
    ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> of, ResultId id) {
        ProducerRecord<byte[], byte[]> kafkaRecord =
                new ProducerRecord<>(topic, of.partition(), of.timestamp(), of.key(), of.value());
        for (Header header : of.headers()) {
            if (!IdHeaders.NAME.equals(header.key())
                    && !RouteHeaders.ROUTE.equals(header.key())
                    && !RouteHeaders.OF_A_RUN.contains(header.key())) {
                kafkaRecord.headers().add(header);
            }
        }
        addIdentity(id, kafkaRecord);
        return kafkaRecord;
    }

    private void addIdentity(ResultId id, ProducerRecord<byte[], byte[]> kafkaRecord) {
        kafkaRecord.headers().add(ids.of(id)).add(epoch).add(route).add(spec);
        if (unordered != null) {
            kafkaRecord.headers().add(unordered);
        }
        if (replay != null) {
            kafkaRecord.headers().add(replay);
        }
    }

    /** What another route said of its own results is no word about these. */
    private static void addHeaders(Headers headers, ProducerRecord<byte[], byte[]> kafkaRecord) {
        for (int position = 0; position < headers.size(); position++) {
            if (!RouteHeaders.OF_ONE_WRITE.contains(headers.name(position))) {
                kafkaRecord.headers().add(headers.name(position), headers.value(position));
            }
        }
    }

    private static Header header(String name, String text) {
        return new RecordHeader(name, text.getBytes(UTF_8));
    }

    /** Of an event without key the partition that its input partition always gets; otherwise null, which leaves it to the key. */
    private @Nullable Integer partition(Event event) {
        if (event.key() != null) {
            return null;
        }
        Origin origin = event.id().origin();
        int partitions = producer.partitionsFor(topic).size();
        return Math.floorMod(origin.stream().hashCode() + origin.partition(), partitions);
    }

    private @Nullable Long millis(Instant timestamp) throws RefusedException {
        long millis = timestamp.getMillis();
        if (millis == BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()) {
            return null;
        }
        rules.checkTime(millis, clock);
        return millis;
    }

    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> kafkaRecord) {
        return producer.send(kafkaRecord);
    }

    /** Awaits what was sent so far. */
    void flush() {
        producer.flush();
    }

    /** Awaits the acknowledgement of a record; sends it again, alone, if the broker may have refused it for another's sake. */
    void acknowledge(ProducerRecord<byte[], byte[]> kafkaRecord, Future<RecordMetadata> answer)
            throws RefusedException, InterruptedException {
        try {
            answer.get();
        } catch (ExecutionException e) {
            if (!Answers.mayBeOfAnother(cause(e))) {
                throw refusedOrFailed(e);
            }
            acknowledgeAlone(kafkaRecord);
        }
    }

    private void acknowledgeAlone(ProducerRecord<byte[], byte[]> kafkaRecord)
            throws RefusedException, InterruptedException {
        producer.flush();
        try {
            producer.send(kafkaRecord).get();
        } catch (ExecutionException e) {
            throw refusedOrFailed(e);
        }
    }

    private RefusedException refusedOrFailed(ExecutionException failure) {
        return Answers.refusal(cause(failure))
                .orElseThrow(() -> new KafkaException("topic " + topic + " could not be written", cause(failure)));
    }

    private static Throwable cause(ExecutionException failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    /**
     * Sends records, and waits until each is taken.
     *
     * @throws IOException if one is refused
     */
    void produce(List<ProducerRecord<byte[], byte[]>> records) throws IOException {
        try {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            records.forEach(record -> answers.add(send(record)));
            flush();
            for (int at = 0; at < records.size(); at++) {
                acknowledge(records.get(at), answers.get(at));
            }
        } catch (RefusedException e) {
            throw new IOException("topic " + topic + " must take what corrects it, but: " + e.message(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to topic " + topic);
        } catch (KafkaException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Closes the producer at once: after a bundle nothing is on its way, and after a failure it will be sent again. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
