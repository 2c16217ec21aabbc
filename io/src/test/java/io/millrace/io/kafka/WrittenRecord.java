package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record as a test compares it: bytes as text in Latin-1, headers as name=value in their order. */
record WrittenRecord(int partition, String key, String value, List<String> headers) {

    static WrittenRecord of(ConsumerRecord<byte[], byte[]> written) {
        List<String> headers = new ArrayList<>();
        for (Header header : written.headers()) {
            headers.add(header.key() + "=" + text(header.value()));
        }
        return new WrittenRecord(written.partition(), text(written.key()), text(written.value()), headers);
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
