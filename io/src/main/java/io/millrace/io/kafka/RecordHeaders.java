package io.millrace.io.kafka;

import io.millrace.transforms.event.Headers;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The headers of a record as those of an event: in order, repeated names and null values kept. */
final class RecordHeaders {
    private RecordHeaders() {}

    static Headers of(ConsumerRecord<byte[], byte[]> polled) {
        Header[] headers = polled.headers().toArray();
        if (headers.length == 0) {
            return Headers.empty();
        }
        Headers.Builder builder = Headers.builder();
        for (Header header : headers) {
            builder.add(header.key(), header.value());
        }
        return builder.build();
    }
}
