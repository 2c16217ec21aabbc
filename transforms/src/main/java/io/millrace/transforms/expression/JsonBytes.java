package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** JSON text as it is written, in one array that is used again for every event. */
final class JsonBytes {
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] NULL = "null".getBytes(ISO_8859_1);
    private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
    private static final byte[] FALSE = "false".getBytes(ISO_8859_1);
    private static final byte[] LEAST_LONG = "-9223372036854775808".getBytes(ISO_8859_1);

    private byte[] bytes = new byte[256];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** Drops what was written beyond a size. */
    void cut(int toSize) {
        size = toSize;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    void put(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    void raw(byte[] json) {
        raw(json, 0, json.length);
    }

    void raw(byte[] json, int from, int to) {
        room(to - from);
        System.arraycopy(json, from, bytes, size, to - from);
        size += to - from;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(Integer.MAX_VALUE - 8, 2L * bytes.length)));
        }
    }

    /** The value in the registers of a frame; {@link Kind#ERROR} for what JSON cannot hold. */
    int value(Frame frame, int kind) {
        switch (kind) {
            case Kind.ERROR -> {}
            case Kind.FALSE -> raw(FALSE);
            case Kind.TRUE -> raw(TRUE);
            case Kind.NULL -> raw(NULL);
            case Kind.INT -> integer(frame.number);
            case Kind.UINT -> ascii(Long.toUnsignedString(frame.number));
            case Kind.DOUBLE -> {
                if (!Double.isFinite(frame.real)) {
                    return frame.fail("a number that is not finite");
                }
                real(frame.real);
            }
            case Kind.TEXT -> string(frame.bytes, frame.from, frame.to);
            default -> {
                return boxed(frame, kind);
            }
        }
        return kind;
    }

    private int boxed(Frame frame, int kind) {
        try {
            value(frame.object);
            return kind;
        } catch (Failure e) {
            return frame.fail(e.reason());
        }
    }

    private void value(Object value) throws Failure {
        if (value instanceof String string) {
            byte[] utf8 = string.getBytes(UTF_8);
            string(utf8, 0, utf8.length);
        } else if (value instanceof Long number) {
            integer(number);
        } else if (value instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw new Failure("a number that is not finite");
            }
            real(number);
        } else if (value instanceof Boolean bool) {
            raw(bool ? TRUE : FALSE);
        } else if (value instanceof Null) {
            raw(NULL);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else {
            rare(value);
        }
    }

    private void rare(Object value) throws Failure {
        if (value instanceof Unsigned number) {
            ascii(number.toString());
        } else if (value instanceof Bytes binary) {
            put('"');
            raw(Base64.getEncoder().encode(binary.array()));
            put('"');
        } else if (value instanceof Instant instant) {
            put('"');
            ascii(Times.format(instant));
            put('"');
        } else if (value instanceof Duration duration) {
            put('"');
            ascii(Times.format(duration));
            put('"');
        } else {
            throw new Failure("JSON has no " + Kind.typeName(Values.kindOf(value)));
        }
    }

    private void list(List<?> list) throws Failure {
        put('[');
        boolean first = true;
        for (Object element : list) {
            if (!first) {
                put(',');
            }
            first = false;
            value(element);
        }
        put(']');
    }

    private void map(Map<?, ?> map) throws Failure {
        put('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String)) {
                throw new Failure("JSON has no map with a key of type " + Kind.typeName(Values.kindOf(entry.getKey())));
            }
            if (!first) {
                put(',');
            }
            first = false;
            value(entry.getKey());
            put(':');
            value(entry.getValue());
        }
        put('}');
    }

    void integer(long value) {
        if (value == Long.MIN_VALUE) {
            raw(LEAST_LONG);
            return;
        }
        room(20);
        if (value < 0) {
            bytes[size++] = '-';
        }
        long rest = Math.abs(value);
        int end = size + digits(rest);
        size = end;
        do {
            bytes[--end] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
    }

    private static int digits(long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** In the shortest form that reads back as the same double. */
    void real(double value) {
        ascii(NumberOutput.toString(value, true));
    }

    void ascii(String text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) text.charAt(i);
        }
    }

    /** A quoted string of valid UTF-8, with only those escapes that JSON requires. */
    void string(byte[] utf8, int from, int to) {
        put('"');
        int plain = from;
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b >= ' ' && b != '"' && b != '\\' || b < 0) {
                continue;
            }
            raw(utf8, plain, i);
            escape(b);
            plain = i + 1;
        }
        raw(utf8, plain, to);
        put('"');
    }

    private void escape(byte b) {
        put('\\');
        switch (b) {
            case '"', '\\' -> put((char) b);
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            case '\b' -> put('b');
            case '\f' -> put('f');
            default -> {
                ascii("u00");
                put((char) HEX[b >>> 4]);
                put((char) HEX[b & 15]);
            }
        }
    }
}
