package io.millrace.transforms.script.rhino.inside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Values of a document that is known to be sound, as JavaScript has them. */
final class JsonValues {
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long EXACT_MANTISSA = 1L << 53;
    private static final int DIGITS_OF_AN_INT = 9;

    private JsonValues() {}

    /** The value from one position to another; objects and arrays with what is in them lazy in turn. */
    static @Nullable Object value(byte[] bytes, int from, int to, EventScope scope) {
        return switch (bytes[from]) {
            case '{' -> new EventObject(bytes, from, to, scope);
            case '[' -> EventArray.of(bytes, from, to, scope);
            case '"' -> string(bytes, from + 1, to - 1);
            case 't' -> Boolean.TRUE;
            case 'f' -> Boolean.FALSE;
            case 'n' -> null;
            default -> number(bytes, from, to);
        };
    }

    /** The text between two quotes. */
    static String string(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, UTF_8);
        int escape = text.indexOf('\\');
        return escape < 0 ? text : unescaped(text, escape);
    }

    private static String unescaped(String text, int firstEscape) {
        StringBuilder plain = new StringBuilder(text.length());
        int done = 0;
        for (int at = firstEscape; at >= 0; at = text.indexOf('\\', done)) {
            plain.append(text, done, at);
            char kind = text.charAt(at + 1);
            plain.append(kind == 'u' ? (char) Integer.parseInt(text, at + 2, at + 6, 16) : character(kind));
            done = at + (kind == 'u' ? 6 : 2);
        }
        return plain.append(text, done, text.length()).toString();
    }

    private static char character(char kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    private static Number number(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        long mantissa = 0;
        int scale = 0;
        int at = negative ? from + 1 : from;
        boolean fraction = false;
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit >= 0 && digit <= 9) {
                if (mantissa > (EXACT_MANTISSA - 9) / 10) {
                    return parsed(bytes, from, to);
                }
                mantissa = mantissa * 10 + digit;
                scale -= fraction ? 1 : 0;
            } else if (bytes[at] == '.') {
                fraction = true;
            } else {
                return parsed(bytes, from, to);
            }
        }
        if (!fraction && to - from <= DIGITS_OF_AN_INT && (mantissa != 0 || !negative)) {
            return (int) (negative ? -mantissa : mantissa);
        }
        if (scale < -22) {
            return parsed(bytes, from, to);
        }
        double value = mantissa / POWERS_OF_TEN[-scale];
        return negative ? -value : value;
    }

    private static Double parsed(byte[] bytes, int from, int to) {
        return Double.parseDouble(new String(bytes, from, to - from, ISO_8859_1));
    }
}
