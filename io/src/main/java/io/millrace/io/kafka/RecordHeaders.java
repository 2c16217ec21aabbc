package io.millrace.io.kafka;

import io.millrace.transforms.event.Headers;
import java.util.Objects;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.kafka.common.header.Header;

/** The headers of a record as those of an event: in order, repeated names and null values kept. */
final class RecordHeaders {
    private RecordHeaders() {}

    static Headers of(KafkaRecord<byte[], byte[]> record) {
        Header[] headers = arrayOf(record);
        return first(headers.length, headers);
    }

    /** The record's headers in an array of their own. */
    static Header[] arrayOf(KafkaRecord<byte[], byte[]> record) {
        return Objects.requireNonNull(record.getHeaders(), "headers").toArray();
    }

    /** The first headers of an array. */
    static Headers first(int count, Header[] headers) {
        if (count == 0) {
            return Headers.empty();
        }
        Headers.Builder builder = Headers.builder();
        for (int position = 0; position < count; position++) {
            builder.add(headers[position].key(), headers[position].value());
        }
        return builder.build();
    }
}
