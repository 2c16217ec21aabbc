package io.millrace.testfixtures.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Writes records and hears of each whether, and where, the broker took it. */
final class TopicWriter {

    private final AtomicReference<@Nullable Exception> firstRefusal = new AtomicReference<>();
    private final Map<TopicPartition, Long> lastOffsets = new ConcurrentHashMap<>();

    private TopicWriter() {}

    /** Writes all records and answers the offset of the last one in each partition. */
    static Map<TopicPartition, Long> write(
            Producer<byte[], byte[]> producer, Stream<ProducerRecord<byte[], byte[]>> records) {
        TopicWriter writer = new TopicWriter();
        records.forEach(record -> writer.send(producer, record));
        producer.flush();
        writer.check();
        return writer.lastOffsets;
    }

    /** Writes all records in one transaction, ends it, and answers what {@link #write} does. */
    static Map<TopicPartition, Long> writeInTransaction(
            Producer<byte[], byte[]> producer,
            Stream<ProducerRecord<byte[], byte[]>> records,
            Consumer<Producer<byte[], byte[]>> end) {
        producer.initTransactions();
        producer.beginTransaction();
        Map<TopicPartition, Long> written = write(producer, records);
        end.accept(producer);
        return written;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of every failure
    private void send(Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        producer.send(record, this::heard);
    }

    private void heard(RecordMetadata place, @Nullable Exception refusal) {
        if (refusal == null) {
            lastOffsets.merge(new TopicPartition(place.topic(), place.partition()), place.offset(), Math::max);
        } else {
            firstRefusal.compareAndSet(null, refusal);
        }
    }

    private void check() {
        Exception refusal = firstRefusal.get();
        if (refusal != null) {
            throw new IllegalStateException("write records: " + refusal, refusal);
        }
    }
}
