package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.view.ViewHeaders;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Reads versions: whole numbers of 64 bits, in a field at the top level of documents, of several of its name the last, or in a header.
 *
 * @param field the field's name
 */
public record Versions(String field) implements Serializable {
    private static final JsonFactory JSON = new JsonFactory();

    /** The version in a document; null where there is none, or the value is no JSON object. */
    public @Nullable Long of(byte[] value) {
        try (JsonParser parser = JSON.createParser(value)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? of(parser) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable Long of(JsonParser parser) throws IOException {
        Long version = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isIt = parser.getCurrentName().equals(field);
            JsonToken token = parser.nextToken();
            if (isIt) {
                version = token == JsonToken.VALUE_NUMBER_INT ? whole(parser) : null;
            }
            parser.skipChildren();
        }
        return version;
    }

    private static @Nullable Long whole(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? null : (Long) parser.getLongValue();
    }

    /** The version in headers; null where there is none. */
    static @Nullable Long of(Headers headers) throws RefusedException {
        byte[] value = headers.last(ViewHeaders.VERSION);
        if (value == null) {
            return null;
        }
        String text = new String(value, UTF_8);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(
                    Reason.REFUSED,
                    "header " + ViewHeaders.VERSION + " must be a whole number of 64 bits, but was " + text);
        }
    }
}
