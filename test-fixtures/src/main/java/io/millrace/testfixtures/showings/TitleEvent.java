package io.millrace.testfixtures.showings;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An impression of a title or a play of it, as it arrives.
 *
 * @param id unique in its stream but for repeats: {@code i-17} or {@code p-4}
 * @param arrival when it arrives: the record's own time in a topic
 * @param eventTime what {@code ts} in the document says
 * @param profileId whom the title was shown to, or who played it
 * @param titleId the title
 * @param late whether it arrives further behind its time than the stream is out of order
 * @param repeat whether one of the same id and content has arrived before
 * @param value the document
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them; the bytes are what matters
public record TitleEvent(
        String id,
        Instant arrival,
        Instant eventTime,
        String profileId,
        String titleId,
        boolean late,
        boolean repeat,
        byte[] value) {

    /** What impressions and plays have in common: the profile and the title. */
    public String key() {
        return profileId + "/" + titleId;
    }

    /** The record that brings it into a topic, in the partition that its key chooses. */
    public ProducerRecord<byte[], byte[]> recordFor(String topic) {
        return recordFor(topic, null);
    }

    /** The record that brings it into a partition of a topic. */
    public ProducerRecord<byte[], byte[]> recordFor(String topic, @Nullable Integer partition) {
        return new ProducerRecord<>(topic, partition, arrival.toEpochMilli(), key().getBytes(US_ASCII), value);
    }

    TitleEvent arriving(Instant instant, boolean isLate, boolean isRepeat) {
        return new TitleEvent(id, instant, eventTime, profileId, titleId, isLate, isRepeat, value);
    }
}
