package io.millrace.testfixtures.events;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * One play event as it arrives, and everything an oracle wants to know about it.
 *
 * @param position its place in the stream, from 0
 * @param original the position of the event it repeats; its own position if it repeats none
 * @param late whether its event time lies further back than the stream is out of order
 * @param defect what is wrong with it
 * @param key the profile's id, unless the defect says otherwise
 * @param value the document, unless the defect says otherwise
 * @param headers in their order
 * @param timestamp the record's own time: when it arrived
 * @param eventTime what {@code ts} would say without a defect
 * @param play the fields that the document has, or would have without a defect
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them; the bytes are what matters
public record PlayEvent(
        int position,
        int original,
        boolean late,
        Defect defect,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers,
        Instant timestamp,
        Instant eventTime,
        Play play) {

    /** Whether it repeats an earlier event of the stream, byte for byte. */
    public boolean isDuplicate() {
        return original != position;
    }

    /** The record that brings it into a topic, in the partition that its key chooses. */
    public ProducerRecord<byte[], byte[]> recordFor(String topic) {
        return recordFor(topic, null);
    }

    /** The record that brings it into a partition of a topic. */
    public ProducerRecord<byte[], byte[]> recordFor(String topic, @Nullable Integer partition) {
        return new ProducerRecord<>(
                topic,
                partition,
                timestamp.toEpochMilli(),
                key,
                value,
                headers.stream()
                        .<org.apache.kafka.common.header.Header>map(
                                header -> new RecordHeader(header.name(), header.value()))
                        .toList());
    }

    /** A record header; names may repeat. */
    public record Header(String name, byte @Nullable [] value) {}

    /** What was played, by whom, where. */
    public record Play(
            String profileId,
            String titleId,
            String country,
            String city,
            String device,
            int durationSeconds,
            boolean completed) {}
}
