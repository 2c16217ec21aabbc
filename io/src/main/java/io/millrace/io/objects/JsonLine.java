package io.millrace.io.objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a value one line of JSON Lines: its bytes unchanged, except that line breaks between the tokens of a JSON document become
 * spaces.
 *
 * <p>JSON allows a line break only as white space, so the document stays the same. A value without line breaks is not looked into,
 * and need not be JSON.
 */
public final class JsonLine {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /**
     * The line of a value, without a line break at its end.
     *
     * @throws NotALineException if the value is null, empty, or has line breaks and is not one JSON document
     */
    public static byte[] of(byte @Nullable [] value) throws NotALineException {
        if (value == null) {
            throw new NotALineException(Reason.NO_VALUE, "value must not be null where it is written as a line");
        }
        if (value.length == 0) {
            throw new NotALineException(Reason.REFUSED, "value must not be empty where it is written as a line");
        }
        return hasBreak(value) ? joined(value) : value;
    }

    private static byte[] joined(byte[] value) throws NotALineException {
        if (!isJson(value)) {
            throw new NotALineException(
                    Reason.REFUSED, "value with line breaks must be one JSON document where it is written as a line");
        }
        byte[] line = value.clone();
        for (int position = 0; position < line.length; position++) {
            if (isBreak(line[position])) {
                line[position] = ' ';
            }
        }
        return line;
    }

    private static boolean isJson(byte[] value) {
        try (JsonParser parser = JSON.createParser(value)) {
            boolean begins = parser.nextToken() != null;
            parser.skipChildren();
            parser.finishToken();
            return begins && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasBreak(byte[] value) {
        for (byte unit : value) {
            if (isBreak(unit)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBreak(byte unit) {
        return unit == '\n' || unit == '\r';
    }
}
