package io.millrace.io.objects;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.transforms.event.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A record of a stream as a line of an archive: from where on it was read, and all that it had, so that it can be read again as it was.
 *
 * <p>The line is one JSON document. Bytes that are UTF-8 are text in it, {@code value}; others are Base64, {@code valueBase64}; what was
 * null is not there. So is it for the key, and for the value of each header.
 *
 * @param stream the stream
 * @param partition its partition
 * @param from the offset at which the reader stood that came to this record: between it and the record there was none
 * @param offset the record's own
 * @param time the record's own time in epoch milliseconds, negative if it had none
 * @param key its key
 * @param value its value
 * @param headers its headers, in their order
 */
public record ArchivedRecord(
        String stream,
        int partition,
        long from,
        long offset,
        long time,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers) {

    private static final String KEY = "key";
    private static final String VALUE = "value";
    private static final String BASE64 = "Base64";
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    public ArchivedRecord {
        checkArgument(from <= offset, "from must be at most the offset %s, but was %s", offset, from);
    }

    /** How many bytes it has, about. */
    long size() {
        return length(key) + length(value);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** The line, without a line break. */
    public byte[] toLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256 + (int) size());
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("stream", stream);
            json.writeNumberField("partition", partition);
            json.writeNumberField("from", from);
            json.writeNumberField("offset", offset);
            json.writeNumberField("time", time);
            write(KEY, key, json);
            if (!headers.isEmpty()) {
                json.writeArrayFieldStart("headers");
                for (int position = 0; position < headers.size(); position++) {
                    json.writeStartObject();
                    json.writeStringField("name", headers.name(position));
                    write(VALUE, headers.value(position), json);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            write(VALUE, value, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toByteArray();
    }

    private static void write(String name, byte @Nullable [] bytes, JsonGenerator json) throws IOException {
        if (bytes == null) {
            return;
        }
        String text = new String(bytes, UTF_8);
        if (Arrays.equals(text.getBytes(UTF_8), bytes)) {
            json.writeStringField(name, text);
        } else {
            json.writeStringField(name + BASE64, Base64.getEncoder().encodeToString(bytes));
        }
    }

    /**
     * Reads what {@link #toLine()} gives.
     *
     * @throws IOException if it is no such line
     */
    public static ArchivedRecord parse(byte[] line) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            Place place = Place.read(json);
            long time = number(json, "time");
            byte[] key = null;
            byte[] value = null;
            Headers headers = Headers.empty();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case KEY, KEY + BASE64 -> key = bytes(name, json);
                    case VALUE, VALUE + BASE64 -> value = bytes(name, json);
                    case "headers" -> headers = headers(json);
                    default -> json.skipChildren();
                }
            }
            return new ArchivedRecord(
                    place.stream, place.partition, place.from, place.offset, time, key, value, headers);
        } catch (IllegalArgumentException e) {
            throw new IOException("line of an archive must be whole, but " + e.getMessage(), e);
        }
    }

    private static Headers headers(JsonParser json) throws IOException {
        Headers.Builder headers = Headers.builder();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            String name = text(json, "name");
            byte[] value = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                value = bytes(field, json);
            }
            headers.add(name, value);
        }
        return headers.build();
    }

    private static byte[] bytes(String field, JsonParser json) throws IOException {
        return field.endsWith(BASE64)
                ? Base64.getDecoder().decode(json.getText())
                : json.getText().getBytes(UTF_8);
    }

    private static String text(JsonParser json, String field) throws IOException {
        value(json, field);
        return json.getText();
    }

    private static long number(JsonParser json, String field) throws IOException {
        value(json, field);
        return json.getLongValue();
    }

    private static void value(JsonParser json, String field) throws IOException {
        if (json.nextToken() != JsonToken.FIELD_NAME || !field.equals(json.currentName())) {
            throw new IOException("line of an archive must have " + field + " next");
        }
        json.nextToken();
    }

    /**
     * Where a line's record was read.
     *
     * @param stream the stream
     * @param partition its partition
     * @param from the offset at which the reader stood
     * @param offset the record's
     */
    record Place(String stream, int partition, long from, long offset) {

        /** That of a line, of which no more is read. */
        static Place of(byte[] bytes, int offset, int length) throws IOException {
            try (JsonParser json = JSON.createParser(bytes, offset, length)) {
                return read(json);
            }
        }

        private static Place read(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("line of an archive must be an object");
            }
            return new Place(
                    text(json, "stream"),
                    Math.toIntExact(number(json, "partition")),
                    number(json, "from"),
                    number(json, "offset"));
        }

        /** Whether it is of a partition of a stream. */
        boolean isOf(String otherStream, int otherPartition) {
            return partition == otherPartition && stream.equals(otherStream);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ArchivedRecord that
                && stream.equals(that.stream)
                && partition == that.partition
                && from == that.from
                && offset == that.offset
                && time == that.time
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stream, partition, from, offset);
    }

    @Override
    public String toString() {
        return new String(toLine(), UTF_8);
    }
}
