package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.expression.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document once from its first byte to its last: checks that it is one JSON object (RFC 8259, valid UTF-8, at most
 * {@value #MAX_DEPTH} levels deep) and notes where its members stand. A reading method answers the position after what it read, or
 * {@link #BROKEN}.
 */
final class JsonScanner {
    static final int MAX_DEPTH = 512;

    private static final int BROKEN = -1;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private String problem = "";
    private int problemAt;

    private JsonScanner(byte[] bytes) {
        this.bytes = bytes;
        this.limit = bytes.length;
    }

    /**
     * Notes names and values of the members of a document, in turns; the names with their quotes.
     *
     * @return null if the document is sound, else what is wrong and where
     */
    static @Nullable String document(byte[] bytes, Spans members) {
        return new JsonScanner(bytes).document(members);
    }

    /** Notes names and values of the members of an object that is known to be sound. */
    static Spans object(byte[] bytes, int start) {
        Spans members = new Spans();
        new JsonScanner(bytes).object(start + 1, members, 1);
        return members;
    }

    /** Notes the elements of an array that is known to be sound. */
    static Spans array(byte[] bytes, int start) {
        Spans elements = new Spans();
        new JsonScanner(bytes).array(start + 1, elements, 1);
        return elements;
    }

    private @Nullable String document(Spans members) {
        int at = blank(0);
        if (at < limit && bytes[at] != '{') {
            return value(at, 0) == BROKEN ? broken() : "the document is no object";
        }
        at = at == limit ? fail(at, "") : object(at + 1, members, 1);
        if (at == BROKEN) {
            return broken();
        }
        at = blank(at);
        return at == limit ? null : "unexpected byte after the document at " + at;
    }

    private String broken() {
        return problem + " at byte " + problemAt;
    }

    private int fail(int at, String what) {
        problem = at >= limit ? "the document ends too early" : what;
        problemAt = Math.min(at, limit);
        return BROKEN;
    }

    private int blank(int at) {
        byte[] b = bytes;
        int i = at;
        while (i < limit && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t')) {
            i++;
        }
        return i;
    }

    private int value(int at, int depth) {
        if (at >= limit) {
            return fail(at, "");
        }
        return switch (bytes[at]) {
            case '"' -> string(at + 1);
            case '{' -> object(at + 1, null, depth + 1);
            case '[' -> array(at + 1, null, depth + 1);
            case 't' -> word(at, "true");
            case 'f' -> word(at, "false");
            case 'n' -> word(at, "null");
            default -> number(at);
        };
    }

    private int object(int start, @Nullable Spans members, int depth) {
        if (depth > MAX_DEPTH) {
            return fail(start - 1, "more than " + MAX_DEPTH + " levels");
        }
        int at = blank(start);
        if (at < limit && bytes[at] == '}') {
            return at + 1;
        }
        while (true) {
            at = field(at, members, depth);
            if (at == BROKEN) {
                return BROKEN;
            }
            at = blank(at);
            if (at < limit && bytes[at] == ',') {
                at = blank(at + 1);
            } else if (at < limit && bytes[at] == '}') {
                return at + 1;
            } else {
                return fail(at, "neither ',' nor '}' after a field");
            }
        }
    }

    private int field(int start, @Nullable Spans members, int depth) {
        if (start >= limit || bytes[start] != '"') {
            return fail(start, "no field name");
        }
        int nameEnd = string(start + 1);
        if (nameEnd == BROKEN) {
            return BROKEN;
        }
        int at = blank(nameEnd);
        if (at >= limit || bytes[at] != ':') {
            return fail(at, "no ':' after a field name");
        }
        at = blank(at + 1);
        int end = value(at, depth);
        if (members != null) {
            members.add(start, nameEnd);
            members.add(at, end);
        }
        return end;
    }

    private int array(int start, @Nullable Spans elements, int depth) {
        if (depth > MAX_DEPTH) {
            return fail(start - 1, "more than " + MAX_DEPTH + " levels");
        }
        int at = blank(start);
        if (at < limit && bytes[at] == ']') {
            return at + 1;
        }
        while (true) {
            int end = value(at, depth);
            if (end == BROKEN) {
                return BROKEN;
            }
            if (elements != null) {
                elements.add(at, end);
            }
            at = blank(end);
            if (at < limit && bytes[at] == ',') {
                at = blank(at + 1);
            } else if (at < limit && bytes[at] == ']') {
                return at + 1;
            } else {
                return fail(at, "neither ',' nor ']' after an element");
            }
        }
    }

    private int word(int at, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= limit || bytes[at + i] != word.charAt(i)) {
                return fail(at + i, "no JSON value");
            }
        }
        return at + word.length();
    }

    private int number(int start) {
        byte[] b = bytes;
        int digits = b[start] == '-' ? start + 1 : start;
        int at = digits(digits);
        if (at == digits) {
            return fail(at, "no JSON value");
        }
        if (b[digits] == '0' && at > digits + 1) {
            return fail(digits, "a number begins with 0");
        }
        if (at < limit && b[at] == '.') {
            int fraction = at + 1;
            at = digits(fraction);
            if (at == fraction) {
                return fail(at, "no digit after '.'");
            }
        }
        return at < limit && (b[at] == 'e' || b[at] == 'E') ? exponent(at + 1) : at;
    }

    private int exponent(int start) {
        int digits = start < limit && (bytes[start] == '+' || bytes[start] == '-') ? start + 1 : start;
        int at = digits(digits);
        return at == digits ? fail(at, "no digit in an exponent") : at;
    }

    private int digits(int start) {
        byte[] b = bytes;
        int at = start;
        while (at < limit && b[at] >= '0' && b[at] <= '9') {
            at++;
        }
        return at;
    }

    /** Reads on from behind the opening quote; eight bytes at a time as long as they need no look. */
    private int string(int start) {
        byte[] b = bytes;
        int at = start;
        while (true) {
            if (at + Long.BYTES <= limit) {
                long special = special((long) LONGS.get(b, at));
                if (special == 0) {
                    at += Long.BYTES;
                    continue;
                }
                at += Long.numberOfTrailingZeros(special) >>> 3;
            }
            if (at >= limit) {
                return fail(at, "");
            }
            int c = b[at];
            if (c == '"') {
                return at + 1;
            }
            at = c >= ' ' && c != '\\' ? at + 1 : unusual(at, c);
            if (at == BROKEN) {
                return BROKEN;
            }
        }
    }

    /** The lowest bit set is in the first byte that is a quote, a backslash, a control character or not ASCII. */
    private static long special(long word) {
        long quote = word ^ (ONES * '"');
        long backslash = word ^ (ONES * '\\');
        return ((quote - ONES) & ~quote | (backslash - ONES) & ~backslash | (word - ONES * ' ') | word) & HIGHS;
    }

    private int unusual(int at, int c) {
        if (c == '\\') {
            return escape(at + 1);
        }
        if (c >= 0) {
            return fail(at, "a control character in a string");
        }
        int length = Utf8.sequence(bytes, at, limit);
        return length == 0 ? fail(at, "not UTF-8") : at + length;
    }

    private int escape(int at) {
        if (at >= limit) {
            return fail(at, "");
        }
        return switch (bytes[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            case 'u' -> {
                for (int i = at + 1; i < at + 5; i++) {
                    if (i >= limit || Character.digit(bytes[i], 16) < 0) {
                        yield fail(i, "not four hexadecimal digits");
                    }
                }
                yield at + 5;
            }
            default -> fail(at, "an unknown escape");
        };
    }
}
