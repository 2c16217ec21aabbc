package io.millrace.transforms.event;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * Which result this is: the origins it was made from, the step that made it, and its ordinal among what that step made of them.
 *
 * <p>The same input gives the same identity in every run, so a sink that keeps one record for each identity shows each result
 * once, however often it is written. An event as it was read has the empty step and ordinal 0; a router's result has the route's
 * name as its step.
 *
 * <p>Its one text, {@link #toString()}, is {@code <stream>:<partition>:<offset>;<step>;<ordinal>}, with further origins joined
 * by {@code +}. In stream and step every byte of UTF-8 outside {@code A-Z a-z 0-9 . _ ~ - / @} is percent-encoded, so texts
 * differ where identities do.
 *
 * @param origins the origins, one or more, in an order that the step fixes
 * @param step the name of the step; empty for an event as it was read
 * @param ordinal from 0
 */
@DefaultCoder(ResultIdCoder.class)
public record ResultId(List<Origin> origins, String step, int ordinal) {
    private static final boolean[] PLAIN = plain();
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    public ResultId {
        origins = List.copyOf(origins);
        checkArgument(!origins.isEmpty(), "origins must not be empty");
        checkArgument(ordinal >= 0, "ordinal must be at least 0, but was %s", ordinal);
    }

    /** The identity of an event as it was read. */
    public static ResultId of(Origin origin) {
        return new ResultId(List.of(origin), "", 0);
    }

    /** The identity of the one result that a step makes of what has this identity. */
    public ResultId madeBy(String step) {
        return madeBy(step, 0);
    }

    /** The identity of one of several results that a step makes of what has this identity. */
    public ResultId madeBy(String step, int ordinal) {
        return new ResultId(origins, step, ordinal);
    }

    /** The first origin: the only one, unless the result was made from several inputs. */
    public Origin origin() {
        return origins.get(0);
    }

    /**
     * Reads the text that {@link #toString()} gives.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static ResultId parse(String text) {
        String[] parts = text.split(";", -1);
        checkArgument(
                parts.length == 3,
                "result id must be <stream>:<partition>:<offset>;<step>;<ordinal>, but was %s",
                text);
        List<Origin> origins =
                Stream.of(parts[0].split("\\+", -1)).map(ResultId::parseOrigin).toList();
        return new ResultId(origins, decode(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(80);
        for (int position = 0; position < origins.size(); position++) {
            if (position > 0) {
                text.append('+');
            }
            Origin origin = origins.get(position);
            encode(origin.stream(), text);
            text.append(':').append(origin.partition()).append(':').append(origin.offset());
        }
        text.append(';');
        encode(step, text);
        return text.append(';').append(ordinal).toString();
    }

    private static Origin parseOrigin(String text) {
        String[] parts = text.split(":", -1);
        checkArgument(parts.length == 3, "origin must be <stream>:<partition>:<offset>, but was %s", text);
        return new Origin(decode(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
    }

    private static void encode(String name, StringBuilder text) {
        if (isPlain(name)) {
            text.append(name);
            return;
        }
        for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(unit)) {
                text.append((char) unit);
            } else {
                text.append('%').append(HEX[(unit >> 4) & 0xF]).append(HEX[unit & 0xF]);
            }
        }
    }

    private static String decode(String text) {
        byte[] name = new byte[text.length()];
        int length = 0;
        for (int position = 0; position < text.length(); position++) {
            char unit = text.charAt(position);
            if (unit == '%') {
                name[length++] = (byte) Integer.parseInt(text, position + 1, position + 3, 16);
                position += 2;
            } else {
                name[length++] = (byte) unit;
            }
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isPlain(String name) {
        for (int position = 0; position < name.length(); position++) {
            if (!isPlain(name.charAt(position))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int unit) {
        return unit >= 0 && unit < PLAIN.length && PLAIN[unit];
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-/@"
                .chars()
                .forEach(unit -> plain[unit] = true);
        return plain;
    }
}
