package io.millrace.pipelines.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is the matter with a key where it is stored. */
public enum Verdict {
    /** It is as the view told it last. */
    RIGHT("right"),
    /** The view has it, and it is not stored. */
    MISSING("missing"),
    /** What is stored is of an older version. */
    STALE("stale"),
    /** What is stored is nothing that the view told last: another value, with no version, the same one, or a newer one. */
    FOREIGN("foreign"),
    /** The view has removed it, and it is stored. */
    ORPHANED("orphaned");

    private static final JsonFactory JSON = new JsonFactory();

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** The verdict's name in reports. */
    public String text() {
        return text;
    }

    /**
     * Compares what is stored with what should be.
     *
     * @param version the version of the key
     * @param expected what should be stored; null where the key is removed
     * @param stored what is; null for nothing
     * @param versionField the field of a stored document, at its top level, that has its version
     */
    public static Verdict of(long version, byte @Nullable [] expected, byte @Nullable [] stored, String versionField) {
        if (stored == null) {
            return expected == null ? RIGHT : MISSING;
        }
        if (expected == null) {
            return ORPHANED;
        }
        if (Arrays.equals(expected, stored)) {
            return RIGHT;
        }
        OptionalLong of = versionOf(stored, versionField);
        return of.isPresent() && of.getAsLong() < version ? STALE : FOREIGN;
    }

    /** The version of a document; nothing where it has none, or is none. */
    public static OptionalLong versionOf(byte[] document, String versionField) {
        OptionalLong version = OptionalLong.empty();
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return OptionalLong.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isVersion = parser.currentName().equals(versionField);
                if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && isVersion) {
                    version = OptionalLong.of(parser.getLongValue());
                } else {
                    parser.skipChildren();
                }
            }
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null
                    ? version
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
