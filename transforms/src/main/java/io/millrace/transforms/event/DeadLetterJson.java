package io.millrace.transforms.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link DeadLetter} into an {@link Event} whose value is one JSON object, as every sink takes it.
 *
 * <p>The object has {@code dlVersion} 1, {@code id}, {@code pipeline}, {@code route}, {@code step}, {@code reason},
 * {@code message}, {@code origin}, {@code eventTime} (RFC 3339, or null), {@code specVersion}, {@code epoch}, {@code key},
 * {@code value} and {@code headers} (bytes in base64, or null), and {@code valueText} where the value is UTF-8 and at most
 * {@value #MAX_TEXT_BYTES} bytes long. Where the object would be larger than its sink takes, it says {@code valueOmitted}
 * instead of the value, which can be read again at the origin.
 */
public final class DeadLetterJson implements Serializable {
    /** The longest value, in bytes, that is also given as text. */
    public static final int MAX_TEXT_BYTES = 64 * 1024;

    private static final long serialVersionUID = 1;
    static final int VERSION = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private final Run run;
    private final int maxBytes;

    private DeadLetterJson(Run run, int maxBytes) {
        this.run = run;
        this.maxBytes = maxBytes;
    }

    /** Dead letters of a run, of any size. */
    public static DeadLetterJson of(Run run) {
        return new DeadLetterJson(run, Integer.MAX_VALUE);
    }

    /** The same, but without the value where the object would be longer than so many bytes. */
    public DeadLetterJson withMaxBytes(int maxBytes) {
        return new DeadLetterJson(run, maxBytes);
    }

    /** The dead letter as an event: its own identity, no key, no headers, the JSON object as its value. */
    public Event toEvent(DeadLetter deadLetter) {
        byte[] whole = write(deadLetter, false);
        byte[] value = whole.length <= maxBytes ? whole : write(deadLetter, true);
        return Event.of(deadLetter.id(), null, value, Headers.empty());
    }

    private byte[] write(DeadLetter deadLetter, boolean omitValue) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            writeCause(deadLetter, json);
            writeOrigin(deadLetter.event().id().origin(), json);
            writeEventTime(deadLetter, json);
            json.writeStringField("specVersion", run.specVersion());
            json.writeNumberField("epoch", run.epoch());
            writeEvent(deadLetter.event(), omitValue, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void writeCause(DeadLetter deadLetter, JsonGenerator json) throws IOException {
        json.writeNumberField("dlVersion", VERSION);
        json.writeStringField("id", deadLetter.id().toString());
        json.writeStringField("pipeline", run.pipeline());
        json.writeStringField("route", deadLetter.route());
        json.writeStringField("step", deadLetter.step());
        json.writeStringField("reason", deadLetter.reason().text());
        json.writeStringField("message", deadLetter.message());
    }

    private static void writeOrigin(Origin origin, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("origin");
        json.writeStringField("stream", origin.stream());
        json.writeNumberField("partition", origin.partition());
        json.writeNumberField("offset", origin.offset());
        json.writeEndObject();
    }

    private static void writeEventTime(DeadLetter deadLetter, JsonGenerator json) throws IOException {
        if (deadLetter.eventTime().equals(DeadLetter.NO_TIME)) {
            json.writeNullField("eventTime");
        } else {
            json.writeStringField("eventTime", deadLetter.eventTime().toString());
        }
    }

    private static void writeEvent(Event event, boolean omitValue, JsonGenerator json) throws IOException {
        writeBytes("key", event.key(), json);
        if (omitValue) {
            json.writeBooleanField("valueOmitted", true);
        } else {
            writeBytes("value", event.value(), json);
            writeText(event.value(), json);
        }
        writeHeaders(event.headers(), json);
    }

    private static void writeHeaders(Headers headers, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("headers");
        for (int position = 0; position < headers.size(); position++) {
            json.writeStartObject();
            json.writeStringField("name", headers.name(position));
            writeBytes("value", headers.value(position), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeBytes(String name, byte @Nullable [] bytes, JsonGenerator json) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static void writeText(byte @Nullable [] value, JsonGenerator json) throws IOException {
        if (value == null || value.length > MAX_TEXT_BYTES) {
            return;
        }
        try {
            json.writeStringField(
                    "valueText",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException e) {
            // Not UTF-8, so there is no text to give: the bytes say it all.
        }
    }
}
