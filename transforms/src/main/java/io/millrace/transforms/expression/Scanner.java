package io.millrace.transforms.expression;

import org.jspecify.annotations.Nullable;

/**
 * Reads a document once from its first byte to its last: checks that it is one JSON object (RFC 8259, valid UTF-8, at most
 * {@value #MAX_DEPTH} levels deep) and notes in {@link Slots} where the places of a trie stand. A reading method answers
 * the position after what it read, or {@link #BROKEN}.
 */
final class Scanner {
    static final int MAX_DEPTH = 512;

    private static final int BROKEN = -1;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private final Slots slots;
    private byte[] bytes = {};
    private int limit;
    private boolean escaped;
    private byte numberType;
    private String problem = "";
    private int problemAt;

    Scanner(Slots slots) {
        this.slots = slots;
    }

    /** Scans a document; null if it is sound, else what is wrong and where. */
    @Nullable String scan(byte[] document, Path root) {
        bytes = document;
        limit = document.length;
        slots.begin(document);
        int at = blank(0);
        if (at < limit && bytes[at] != '{') {
            return value(at, null, 0) == BROKEN ? broken() : "the document is no object";
        }
        return end(value(at, root, 0));
    }

    /**
     * Goes on with a document that has been scanned, and now has one more field behind all others; null if its value is sound, else what is
     * wrong and where.
     *
     * @param at where the value of the field begins
     */
    @Nullable String scanAppended(byte[] longer, Path root, Path field, int at) {
        bytes = longer;
        limit = longer.length;
        slots.goOn(longer, root);
        return value(at, field, 1) == BROKEN ? broken() : null;
    }

    /** Checks that a document is one JSON value of any kind; null if it is, else what is wrong and where. */
    @Nullable String check(byte[] document) {
        bytes = document;
        limit = document.length;
        return end(value(blank(0), null, 0));
    }

    private @Nullable String end(int of) {
        if (of == BROKEN) {
            return broken();
        }
        int at = blank(of);
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

    private int value(int at, @Nullable Path path, int depth) {
        if (at >= limit) {
            return fail(at, "");
        }
        int end;
        byte type;
        switch (bytes[at]) {
            case '"' -> {
                escaped = false;
                end = string(at + 1);
                type = escaped ? Slots.ESCAPED_STRING : Slots.STRING;
            }
            case '{' -> {
                end = object(at + 1, path, depth + 1);
                type = Slots.OBJECT;
            }
            case '[' -> {
                end = array(at + 1, path, depth + 1);
                type = Slots.ARRAY;
            }
            case 't' -> {
                end = word(at, "true");
                type = Slots.TRUE;
            }
            case 'f' -> {
                end = word(at, "false");
                type = Slots.FALSE;
            }
            case 'n' -> {
                end = word(at, "null");
                type = Slots.NULL;
            }
            default -> {
                end = number(at);
                type = numberType;
            }
        }
        if (path != null && end != BROKEN) {
            slots.note(path, type, at, end);
        }
        return end;
    }

    private int object(int start, @Nullable Path path, int depth) {
        if (depth > MAX_DEPTH) {
            return fail(start - 1, "more than " + MAX_DEPTH + " levels");
        }
        int at = blank(start);
        if (at < limit && bytes[at] == '}') {
            return at + 1;
        }
        while (true) {
            at = field(at, path, depth);
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

    private int field(int start, @Nullable Path path, int depth) {
        if (start >= limit || bytes[start] != '"') {
            return fail(start, "no field name");
        }
        escaped = false;
        int nameEnd = string(start + 1);
        if (nameEnd == BROKEN) {
            return BROKEN;
        }
        Path child = path == null ? null : child(path, start + 1, nameEnd - 1);
        int at = blank(nameEnd);
        if (at >= limit || bytes[at] != ':') {
            return fail(at, "no ':' after a field name");
        }
        return value(blank(at + 1), child, depth);
    }

    private @Nullable Path child(Path path, int from, int to) {
        Path child;
        if (escaped) {
            byte[] name = JsonStrings.unescapedUtf8(bytes, from, to);
            child = name == null ? null : path.field(name, 0, name.length);
        } else {
            child = path.field(bytes, from, to);
        }
        if (child != null) {
            slots.forget(child);
        }
        return child;
    }

    private int array(int start, @Nullable Path path, int depth) {
        if (depth > MAX_DEPTH) {
            return fail(start - 1, "more than " + MAX_DEPTH + " levels");
        }
        int at = blank(start);
        if (at < limit && bytes[at] == ']') {
            return at + 1;
        }
        for (int index = 0; ; index++) {
            at = value(at, path == null ? null : path.element(index), depth);
            if (at == BROKEN) {
                return BROKEN;
            }
            at = blank(at);
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
        int at = start;
        if (b[at] == '-') {
            at++;
        }
        int digits = at;
        at = digits(at);
        if (at == digits) {
            return fail(at, "no JSON value");
        }
        if (b[digits] == '0' && at > digits + 1) {
            return fail(digits, "a number begins with 0");
        }
        numberType = Slots.INTEGER;
        if (at < limit && b[at] == '.') {
            int fraction = at + 1;
            at = digits(fraction);
            if (at == fraction) {
                return fail(at, "no digit after '.'");
            }
            numberType = Slots.REAL;
        }
        return at < limit && (b[at] == 'e' || b[at] == 'E') ? exponent(at + 1) : at;
    }

    private int exponent(int start) {
        int digits = start < limit && (bytes[start] == '+' || bytes[start] == '-') ? start + 1 : start;
        int at = digits(digits);
        numberType = Slots.REAL;
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
            if (at + 8 <= limit) {
                long special = special(Words.at(b, at));
                if (special == 0) {
                    at += 8;
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
            escaped = true;
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
