package io.millrace.io.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values of keys, as bytes of the JSON in which they stand. */
final class JsonValues {
    /** Keys are many, and each is read once: none is kept. Limits are those of the answer, which is sound JSON. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private JsonValues() {}

    /** A value without white space around it. */
    static byte[] stripped(byte[] json) {
        int from = 0;
        int to = json.length;
        while (from < to && json[from] <= ' ' && json[from] >= 0) {
            from++;
        }
        while (to > from && json[to - 1] <= ' ' && json[to - 1] >= 0) {
            to--;
        }
        return from == 0 && to == json.length ? json : Arrays.copyOfRange(json, from, to);
    }

    static boolean isNull(byte[] json) {
        return Arrays.equals(json, NULL);
    }

    static boolean isObject(byte[] json) {
        return json[0] == '{';
    }

    static boolean isText(byte[] json) {
        return json[0] == '"';
    }

    /** What a text says, or a number as it is written; null where it is neither. */
    static @Nullable String text(byte[] json) {
        try (JsonParser parser = parser(json)) {
            JsonToken token = parser.nextToken();
            return token == JsonToken.VALUE_STRING || token.isNumeric() ? parser.getText() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values of those keys that an object has, the last of several; null is none. */
    static Map<String, byte[]> of(byte[] object, Set<String> keys) {
        Map<String, byte[]> values = new HashMap<>();
        try (JsonParser parser = parser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                byte[] value = current(parser, object);
                if (isNull(value)) {
                    values.remove(key);
                } else if (keys.contains(key)) {
                    values.put(key, value);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }

    /** A parser of sound JSON. */
    static JsonParser parser(byte[] json) throws IOException {
        return JSON.createParser(json);
    }

    /** The value that a parser has come to, which it passes over. */
    static byte[] current(JsonParser parser, byte[] json) throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        return Arrays.copyOfRange(json, from, (int) parser.currentLocation().getByteOffset());
    }

    /** An array of texts. */
    static byte[] array(Set<String> keys) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32 * keys.size());
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartArray();
            for (String key : keys) {
                json.writeString(key);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
