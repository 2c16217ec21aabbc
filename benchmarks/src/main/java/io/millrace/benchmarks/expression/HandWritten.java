package io.millrace.benchmarks.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the hand-written jobs share: one pass over the bytes that checks them, eight at a time within strings, and hands each member
 * of an object that matters to the job, by its name in a long. What a job finds out about a predicate is {@link #TRUE},
 * {@link #ERROR} or {@link #FALSE}; of several joined by "and" the largest counts.
 */
abstract class HandWritten implements Job {
    static final int TRUE = 0;
    static final int ERROR = 1;
    static final int FALSE = 2;
    /** The object at the top. */
    static final int ROOT = 0;
    /** What {@link #text} gives for a value that cannot be read; not the first bytes of any text. */
    static final long UNREADABLE = -1;

    /** An object whose members do not matter. */
    private static final int OTHER = -1;

    private static final int MAX_DEPTH = 512;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    byte[] bytes = {};
    private int limit;
    private boolean escaped;

    /** Forgets the last document. */
    abstract void reset();

    /** Reads a member's value from a position, with {@link #skip} at least, and answers where it ends. */
    abstract int member(int object, long name, int at, int depth) throws Refusal;

    /** What the filter comes to. */
    abstract int verdict();

    abstract byte[] projection();

    @Override
    public final byte @Nullable [] route(byte[] document) throws Refusal {
        bytes = document;
        limit = document.length;
        reset();
        int at = blank(0);
        if (byteAt(at) != '{') {
            throw notJson();
        }
        at = blank(object(at + 1, ROOT, 1));
        if (at != limit) {
            throw notJson();
        }
        int verdict = verdict();
        if (verdict == ERROR) {
            throw new Refusal(Refusal.Reason.FAILED);
        }
        return verdict == TRUE ? projection() : null;
    }

    private static Refusal notJson() {
        return new Refusal(Refusal.Reason.NOT_JSON);
    }

    /** A name or text of at most eight bytes as a long. */
    static long packed(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return packed(utf8, 0, utf8.length);
    }

    /** 0 for what is longer than eight bytes; no two texts without NUL have the same. */
    private static long packed(byte[] bytes, int from, int to) {
        return to - from > 8 ? 0 : first(bytes, from, to);
    }

    /** The first eight bytes, or fewer where it is shorter. */
    private static long first(byte[] bytes, int from, int to) {
        if (from + 8 <= bytes.length) {
            long all = (long) LONGS.get(bytes, from);
            return to - from >= 8 ? all : all & ~(-1L << (to - from << 3));
        }
        long text = 0;
        for (int i = to - 1; i >= from; i--) {
            text = text << 8 | bytes[i] & 0xff;
        }
        return text;
    }

    private byte byteAt(int at) {
        return at < limit ? bytes[at] : 0;
    }

    private int blank(int at) {
        int i = at;
        while (i < limit
                && bytes[i] <= ' '
                && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
            i++;
        }
        return i;
    }

    /** Reads an object whose members matter, or whatever stands there instead. */
    final int descend(int at, int object, int depth) throws Refusal {
        return byteAt(at) == '{' ? object(at + 1, object, depth + 1) : skip(at, depth);
    }

    private int object(int start, int object, int depth) throws Refusal {
        int at = blank(start);
        if (depth > MAX_DEPTH) {
            throw notJson();
        }
        if (byteAt(at) == '}') {
            return at + 1;
        }
        while (true) {
            if (byteAt(at) != '"') {
                throw notJson();
            }
            escaped = false;
            int nameEnd = string(at + 1);
            int colon = blank(nameEnd);
            if (byteAt(colon) != ':') {
                throw notJson();
            }
            int value = blank(colon + 1);
            int end = object == OTHER
                    ? skip(value, depth)
                    : member(
                            object,
                            escaped ? unescapedName(at + 1, nameEnd - 1) : packed(bytes, at + 1, nameEnd - 1),
                            value,
                            depth);
            at = blank(end);
            if (byteAt(at) == '}') {
                return at + 1;
            }
            if (byteAt(at) != ',') {
                throw notJson();
            }
            at = blank(at + 1);
        }
    }

    private int array(int start, int depth) throws Refusal {
        int at = blank(start);
        if (depth > MAX_DEPTH) {
            throw notJson();
        }
        if (byteAt(at) == ']') {
            return at + 1;
        }
        while (true) {
            at = blank(skip(at, depth));
            if (byteAt(at) == ']') {
                return at + 1;
            }
            if (byteAt(at) != ',') {
                throw notJson();
            }
            at = blank(at + 1);
        }
    }

    /** Checks a value and answers where it ends. */
    final int skip(int at, int depth) throws Refusal {
        return switch (byteAt(at)) {
            case '"' -> {
                escaped = false;
                yield string(at + 1);
            }
            case '{' -> object(at + 1, OTHER, depth + 1);
            case '[' -> array(at + 1, depth + 1);
            case 't' -> word(at, "true");
            case 'f' -> word(at, "false");
            case 'n' -> word(at, "null");
            default -> number(at);
        };
    }

    private int word(int at, String word) throws Refusal {
        for (int i = 0; i < word.length(); i++) {
            if (byteAt(at + i) != word.charAt(i)) {
                throw notJson();
            }
        }
        return at + word.length();
    }

    private int number(int start) throws Refusal {
        int first = byteAt(start) == '-' ? start + 1 : start;
        int at = digits(first);
        if (bytes[first] == '0' && at > first + 1) {
            throw notJson();
        }
        if (byteAt(at) == '.') {
            at = digits(at + 1);
        }
        if ((byteAt(at) | 0x20) == 'e') {
            byte sign = byteAt(at + 1);
            at = digits(sign == '+' || sign == '-' ? at + 2 : at + 1);
        }
        return at;
    }

    private int digits(int start) throws Refusal {
        int at = start;
        while (at < limit && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        if (at == start) {
            throw notJson();
        }
        return at;
    }

    /** Checks a string from behind its opening quote. */
    private int string(int start) throws Refusal {
        int at = start;
        while (true) {
            if (at + 8 <= limit) {
                long special = special((long) LONGS.get(bytes, at));
                if (special == 0) {
                    at += 8;
                    continue;
                }
                at += Long.numberOfTrailingZeros(special) >>> 3;
            }
            byte b = byteAt(at);
            if (b == '"') {
                return at + 1;
            } else if (b == '\\') {
                escaped = true;
                at = escape(at + 1);
            } else if (b < 0) {
                at = sequence(at);
            } else if (b >= ' ') {
                at++;
            } else {
                throw notJson();
            }
        }
    }

    /** The lowest bit set is in the first byte that is a quote, a backslash, a control character or not ASCII. */
    private static long special(long word) {
        long quote = word ^ (ONES * '"');
        long backslash = word ^ (ONES * '\\');
        return (quote - ONES & ~quote | backslash - ONES & ~backslash | word - ONES * ' ' | word) & HIGHS;
    }

    private int escape(int at) throws Refusal {
        switch (byteAt(at)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return at + 1;
            }
            case 'u' -> {
                for (int i = at + 1; i < at + 5; i++) {
                    if (Character.digit(byteAt(i), 16) < 0) {
                        throw notJson();
                    }
                }
                return at + 5;
            }
            default -> throw notJson();
        }
    }

    /** A character beyond ASCII: no overlong form, no surrogate, nothing above U+10FFFF. */
    private int sequence(int at) throws Refusal {
        int lead = bytes[at] & 0xff;
        int second = byteAt(at + 1) & 0xff;
        boolean sound = lead >= 0xc2
                && lead <= 0xf4
                && (second & 0xc0) == 0x80
                && (lead != 0xe0 || second >= 0xa0)
                && (lead != 0xed || second < 0xa0)
                && (lead != 0xf0 || second >= 0x90)
                && (lead != 0xf4 || second < 0x90)
                && (lead < 0xe0 || (byteAt(at + 2) & 0xc0) == 0x80)
                && (lead < 0xf0 || (byteAt(at + 3) & 0xc0) == 0x80);
        if (!sound) {
            throw notJson();
        }
        return lead < 0xe0 ? at + 2 : lead < 0xf0 ? at + 3 : at + 4;
    }

    /** A number as a double, which decides against any constant of ours as the number itself does; NaN for what is none. */
    final double number(int from, int to) {
        byte lead = bytes[from];
        if (lead != '-' && (lead < '0' || lead > '9')) {
            return Double.NaN;
        }
        long digits = 0;
        int fraction = 0;
        for (int i = lead == '-' ? from + 1 : from; i < to; i++) {
            if (bytes[i] == '.') {
                fraction = to - i - 1;
            } else if (bytes[i] <= '9' && bytes[i] >= '0' && to - from <= 16) {
                digits = digits * 10 + (bytes[i] - '0');
            } else {
                double parsed = Double.parseDouble(new String(bytes, from, to - from, ISO_8859_1));
                return Double.isInfinite(parsed) ? Double.NaN : parsed;
            }
        }
        double value = digits / POWERS_OF_TEN[fraction];
        return lead == '-' ? -value : value;
    }

    /** What a condition on a number comes to. */
    static int verdict(double number, boolean condition) {
        return Double.isNaN(number) ? ERROR : condition ? TRUE : FALSE;
    }

    /** What a condition on a text comes to. */
    static int verdict(long text, boolean condition) {
        return text == UNREADABLE ? ERROR : condition ? TRUE : FALSE;
    }

    /** The text that was just skipped, {@link #packed}; 0 for what is no text, or is longer. */
    final long text(int from, int to) {
        if (bytes[from] == '"') {
            return escaped ? packedOrUnreadable(from, to) : packed(bytes, from + 1, to - 1);
        }
        boolean number = bytes[from] == '-' || bytes[from] >= '0' && bytes[from] <= '9';
        return number && Double.isNaN(number(from, to)) ? UNREADABLE : 0;
    }

    /** Up to eight bytes from the beginning of the text that was just skipped; unreadable for what is no text. */
    final long beginning(int from, int to) {
        if (bytes[from] != '"') {
            return UNREADABLE;
        }
        if (!escaped) {
            return first(bytes, from + 1, to - 1);
        }
        byte[] text = unescaped(from + 1, to - 1);
        return text == null ? UNREADABLE : first(text, 0, text.length);
    }

    /** {@link #TRUE} for a true, {@link #ERROR} for what is no bool. */
    final int bool(int at) {
        return bytes[at] == 't' ? TRUE : bytes[at] == 'f' ? FALSE : ERROR;
    }

    private long packedOrUnreadable(int from, int to) {
        byte[] text = unescaped(from + 1, to - 1);
        return text == null ? UNREADABLE : packedWithoutNul(text);
    }

    private long unescapedName(int from, int to) {
        byte[] name = unescaped(from, to);
        return name == null ? 0 : packedWithoutNul(name);
    }

    private static long packedWithoutNul(byte[] text) {
        return new String(text, UTF_8).indexOf('\0') < 0 ? packed(text, 0, text.length) : 0;
    }

    /** A string as UTF-8 without its escapes; null if that is no Unicode text. */
    private byte @Nullable [] unescaped(int from, int to) {
        String raw = new String(bytes, from, to - from, UTF_8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) != '\\') {
                text.append(raw.charAt(i));
                continue;
            }
            char kind = raw.charAt(++i);
            int named = "bfnrt".indexOf(kind);
            if (kind == 'u') {
                text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                i += 4;
            } else {
                text.append(named < 0 ? kind : "\b\f\n\r\t".charAt(named));
            }
        }
        boolean unicode = UTF_8.newEncoder().canEncode(text);
        return unicode ? text.toString().getBytes(UTF_8) : null;
    }

    /** Copies a part of the document, and answers where the copy ends. */
    final int copy(int from, int to, byte[] into, int at) {
        System.arraycopy(bytes, from, into, at, to - from);
        return at + to - from;
    }

    /** Copies what stands around the parts, and answers where the copy ends. */
    static int copy(byte[] part, byte[] into, int at) {
        System.arraycopy(part, 0, into, at, part.length);
        return at + part.length;
    }
}
