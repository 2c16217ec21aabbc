package io.millrace.io.kafka;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.io.kafka.DeserializerProvider;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * How {@link PolledEvents} pass through KafkaIO's reader, which knows records of bytes alone: as headers that its deserializer finds
 * again.
 *
 * <p>The record has the offset of its last event, so KafkaIO's checkpoints lie behind all of them; its value is that of its first
 * event, since KafkaIO estimates the bytes that are still to be read from the sizes of the values.
 */
final class PolledRecord {
    private PolledRecord() {}

    /** One record for events that were made of these records, one or more. */
    static ConsumerRecord<byte[], byte[]> of(List<ConsumerRecord<byte[], byte[]>> records, PolledEvents events) {
        ConsumerRecord<byte[], byte[]> first = records.get(0);
        ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
        return new ConsumerRecord<>(
                last.topic(),
                last.partition(),
                last.offset(),
                last.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                first.serializedValueSize(),
                null,
                first.value(),
                new Carrier(events),
                last.leaderEpoch());
    }

    /** The events that one was made for. */
    static PolledEvents events(ConsumerRecord<byte[], byte[]> one) {
        return events(one.headers());
    }

    private static PolledEvents events(Headers headers) {
        return ((Carrier) headers).events;
    }

    private static final class Carrier extends RecordHeaders {
        private final PolledEvents events;

        Carrier(PolledEvents events) {
            this.events = events;
        }
    }

    /** What KafkaIO is given in place of a deserializer of bytes. */
    static final class Unpacking implements DeserializerProvider<PolledEvents> {
        private static final long serialVersionUID = 1;

        @Override
        public Deserializer<PolledEvents> getDeserializer(Map<String, ?> configuration, boolean isKey) {
            return new Unpack();
        }

        @Override
        public Coder<PolledEvents> getCoder(CoderRegistry coders) {
            return new PolledEventsCoder();
        }
    }

    private static final class Unpack implements Deserializer<PolledEvents> {
        @Override
        public PolledEvents deserialize(String topic, Headers headers, byte @Nullable [] value) {
            return PolledRecord.events(headers);
        }

        @Override
        public PolledEvents deserialize(String topic, byte[] value) {
            throw new UnsupportedOperationException("events are in the headers");
        }
    }
}
