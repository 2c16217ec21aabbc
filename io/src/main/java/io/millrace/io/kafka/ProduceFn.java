package io.millrace.io.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.Lease;
import io.millrace.io.sink.Refusals;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sends each event to the topic and awaits every acknowledgement before the bundle ends.
 *
 * <p>Each instance has a producer of its own: what one sends is ordered, a producer that failed for good takes no other with it,
 * and a runner has one instance for each task that runs at a time.
 */
final class ProduceFn extends DoFn<Event, DeadLetter> {
    private static final long serialVersionUID = 1;

    private final KafkaSink sink;
    private final SinkContext context;
    private transient @Nullable TopicProducer producer;
    private transient @Nullable Lease lease;
    private transient Deque<Sent> sent = new ArrayDeque<>();
    private transient @Nullable Refusals refusals;
    private transient long delivered;

    ProduceFn(KafkaSink sink, SinkContext context) {
        this.sink = sink;
        this.context = context;
    }

    @Setup
    public void open() {
        producer = TopicProducer.open(sink, context);
        lease = Lease.take();
    }

    @StartBundle
    public void startBundle() {
        requireNonNull(lease, "lease").check();
        sent = new ArrayDeque<>();
        refusals = new Refusals(context);
        delivered = 0;
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant timestamp, BoundedWindow window)
            throws InterruptedException {
        try {
            ProducerRecord<byte[], byte[]> kafkaRecord = producer().record(event, timestamp);
            sent.add(new Sent(event, timestamp, window, kafkaRecord, producer().send(kafkaRecord)));
        } catch (RefusedException e) {
            refusals().add(event, timestamp, window, e);
        }
        while (!sent.isEmpty() && sent.element().answer().isDone()) {
            settle(sent.remove());
        }
    }

    @FinishBundle
    public void awaitAcknowledgements(FinishBundleContext bundle) throws InterruptedException {
        producer().flush();
        while (!sent.isEmpty()) {
            settle(sent.remove());
        }
        context.metrics().countDelivered(delivered);
        refusals().leave(bundle);
    }

    @Teardown
    public void close() {
        if (lease != null) {
            lease.close();
        }
        if (producer != null) {
            producer.close();
        }
    }

    private void settle(Sent record) throws InterruptedException {
        try {
            producer().acknowledge(record.kafkaRecord(), record.answer());
            delivered++;
        } catch (RefusedException e) {
            refusals().add(record.event(), record.timestamp(), record.window(), e);
        }
    }

    private TopicProducer producer() {
        return requireNonNull(producer, "producer");
    }

    private Refusals refusals() {
        return requireNonNull(refusals, "refusals");
    }

    /** A record on its way. */
    private record Sent(
            Event event,
            Instant timestamp,
            BoundedWindow window,
            ProducerRecord<byte[], byte[]> kafkaRecord,
            Future<RecordMetadata> answer) {}
}
