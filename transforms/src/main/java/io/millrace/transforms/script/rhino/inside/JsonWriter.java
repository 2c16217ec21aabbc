package io.millrace.transforms.script.rhino.inside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.transforms.script.rhino.Guard;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.Undefined;

/**
 * Writes values as {@code JSON.stringify} does, to UTF-8. Parts of the event that the script has not changed are copied as they stand in
 * the event, a number with all its digits.
 */
final class JsonWriter {
    private static final int MAX_DEPTH = 512;
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);
    private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
    private static final byte[] FALSE = "false".getBytes(ISO_8859_1);
    private static final byte[] NULL = "null".getBytes(ISO_8859_1);
    /** A whole number below this has the same digits as a long. */
    private static final double WHOLE = 1e15;

    private final Guard guard;
    private final Context context;
    private final EventScope scope;
    private final String function;
    private final long limit;
    private final Scriptable[] open = new Scriptable[MAX_DEPTH];
    private byte[] buffer = new byte[512];
    private int size;
    private long written;
    private int depth;

    /**
     * @param function the function whose results are written
     * @param limit how many bytes all of them may have
     */
    JsonWriter(Guard guard, Context context, EventScope scope, String function, long limit) {
        this.guard = guard;
        this.context = context;
        this.scope = scope;
        this.function = function;
        this.limit = limit;
    }

    /** The bytes of an object. */
    byte[] object(Scriptable object) {
        size = 0;
        boolean any = value("", object);
        if (!any || buffer[0] != '{') {
            throw new Refused(function + " must return an object, but its toJSON gives none");
        }
        if (written + size > limit) {
            throw guard.reach("the script gave more than " + limit + " bytes");
        }
        written += size;
        return Arrays.copyOf(buffer, size);
    }

    /** Writes a value; false if it is one that JSON leaves out. */
    private boolean value(Object name, @Nullable Object given) {
        Object value = given instanceof Scriptable object ? plain(name, object) : given;
        if (value == null) {
            bytes(NULL, 0, NULL.length);
        } else if (value instanceof CharSequence text) {
            string(text.toString());
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Boolean truth) {
            byte[] word = truth ? TRUE : FALSE;
            bytes(word, 0, word.length);
        } else if (value instanceof NativeArray array) {
            array(array);
        } else if (value instanceof Scriptable object && !(value instanceof Callable) && !(value instanceof Symbol)) {
            if (Undefined.isUndefined(object)) {
                return false;
            }
            members(object);
        } else {
            return false;
        }
        return true;
    }

    /** What {@code toJSON} makes of an object, and what a wrapped text, number or boolean wraps. */
    private @Nullable Object plain(Object name, Scriptable object) {
        Object toJson = ScriptableObject.getProperty(object, "toJSON");
        Object value = toJson instanceof Callable function
                ? function.call(context, scope, object, new Object[] {name.toString()})
                : object;
        if (!(value instanceof Scriptable wrapper)) {
            return value;
        }
        return switch (wrapper.getClassName()) {
            case "String" -> ScriptRuntime.toString(wrapper);
            case "Number" -> ScriptRuntime.toNumber(wrapper);
            case "Boolean" -> wrapper.getDefaultValue(ScriptRuntime.BooleanClass);
            default -> wrapper;
        };
    }

    private void members(Scriptable object) {
        if (object instanceof EventObject event && event.isUntouched(scope)) {
            if (event.end() - event.start() > 2 * (MAX_DEPTH - depth)) {
                checkDepth(depth + levels(event.bytes(), event.start(), event.end()));
            }
            bytes(event.bytes(), event.start(), event.end());
            return;
        }
        open(object);
        put('{');
        boolean first = true;
        int expected = 0;
        for (Object id : object.getIds()) {
            int before = size;
            if (!first) {
                put(',');
            }
            string(id.toString());
            put(':');
            Object value = id instanceof Integer index
                    ? ScriptableObject.getProperty(object, index)
                    : ScriptableObject.getProperty(object, (String) id);
            int original = object instanceof EventObject event ? copied(event, id, value, expected) : -1;
            if (original >= 0 || value(id, value)) {
                first = false;
                expected = original + 1;
            } else {
                size = before;
            }
        }
        put('}');
        depth--;
    }

    /** Copies the value of a member that is no object and still what it was; answers which member it is, or -1. */
    private int copied(EventObject event, Object id, @Nullable Object value, int expected) {
        int original = value instanceof Scriptable ? -1 : event.original(id.toString(), value, expected);
        if (original >= 0) {
            Spans spans = event.spans();
            bytes(event.bytes(), spans.start(2 * original + 1), spans.end(2 * original + 1));
        }
        return original;
    }

    private void array(NativeArray array) {
        open(array);
        put('[');
        EventArray event = array instanceof EventArray one ? one : null;
        long length = array.getLength();
        for (long i = 0; i < length; i++) {
            if (i > 0) {
                put(',');
            }
            Object name = i <= Integer.MAX_VALUE ? (Object) (int) i : Long.toString(i);
            Object value = name instanceof Integer index
                    ? ScriptableObject.getProperty(array, index)
                    : ScriptableObject.getProperty(array, (String) name);
            if (event != null && !(value instanceof Scriptable) && event.isOriginal(i, value)) {
                bytes(event.bytes(), event.spans().start((int) i), event.spans().end((int) i));
            } else if (!value(name, value)) {
                bytes(NULL, 0, NULL.length);
            }
        }
        put(']');
        depth--;
    }

    private void checkDepth(int levels) {
        if (levels > MAX_DEPTH) {
            throw guard.reach(function + " gave more than " + MAX_DEPTH + " levels");
        }
    }

    /** How deep a part of a document is nested. */
    private static int levels(byte[] bytes, int start, int end) {
        int deepest = 0;
        int levels = 0;
        boolean inText = false;
        for (int i = start; i < end; i++) {
            byte unit = bytes[i];
            if (inText) {
                i += unit == '\\' ? 1 : 0;
                inText = unit != '"';
            } else if (unit == '{' || unit == '[') {
                deepest = Math.max(deepest, ++levels);
            } else if (unit == '}' || unit == ']') {
                levels--;
            } else {
                inText = unit == '"';
            }
        }
        return deepest;
    }

    private void open(Scriptable object) {
        checkDepth(depth + 1);
        for (int i = 0; i < depth; i++) {
            if (open[i] == object) {
                throw new Refused(function + " returned an object that contains itself");
            }
        }
        open[depth++] = object;
    }

    private void number(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            bytes(NULL, 0, NULL.length);
            return;
        }
        String text = value == Math.rint(value) && Math.abs(value) < WHOLE
                ? Long.toString((long) value)
                : ScriptRuntime.toString(value);
        ascii(text, 0, text.length());
    }

    private void string(String text) {
        Guard.weigh(text.length());
        put('"');
        int length = text.length();
        int done = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                continue;
            }
            ascii(text, done, i);
            i += unusual(text, i, c);
            done = i + 1;
        }
        ascii(text, done, length);
        put('"');
    }

    /** Writes a character that has an escape or is not ASCII; answers how many more it took. */
    private int unusual(String text, int at, char c) {
        switch (c) {
            case '"', '\\' -> escape(c);
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            default -> {
                if (Character.isHighSurrogate(c)
                        && at + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(at + 1))) {
                    codePoint(Character.toCodePoint(c, text.charAt(at + 1)));
                    return 1;
                }
                if (c < ' ' || Character.isSurrogate(c)) {
                    unicodeEscape(c);
                } else {
                    codePoint(c);
                }
            }
        }
        return 0;
    }

    private void escape(char c) {
        reserve(2);
        buffer[size++] = '\\';
        buffer[size++] = (byte) c;
    }

    private void unicodeEscape(char c) {
        reserve(6);
        buffer[size++] = '\\';
        buffer[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[c >> shift & 0xf];
        }
    }

    private void codePoint(int c) {
        reserve(4);
        if (c < 0x80) {
            buffer[size++] = (byte) c;
        } else if (c < 0x800) {
            buffer[size++] = (byte) (0xc0 | c >> 6);
            buffer[size++] = (byte) (0x80 | c & 0x3f);
        } else if (c < 0x10000) {
            buffer[size++] = (byte) (0xe0 | c >> 12);
            buffer[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            buffer[size++] = (byte) (0x80 | c & 0x3f);
        } else {
            buffer[size++] = (byte) (0xf0 | c >> 18);
            buffer[size++] = (byte) (0x80 | c >> 12 & 0x3f);
            buffer[size++] = (byte) (0x80 | c >> 6 & 0x3f);
            buffer[size++] = (byte) (0x80 | c & 0x3f);
        }
    }

    @SuppressWarnings("deprecation") // the fastest way for a text that is known to be ASCII
    private void ascii(String text, int from, int to) {
        reserve(to - from);
        text.getBytes(from, to, buffer, size);
        size += to - from;
    }

    private void bytes(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, buffer, size, to - from);
        size += to - from;
    }

    private void put(char c) {
        reserve(1);
        buffer[size++] = (byte) c;
    }

    private void reserve(int more) {
        if (more > buffer.length - size) {
            grow(more);
        }
    }

    private void grow(int more) {
        if (written + size + more > limit) {
            throw guard.reach("the script gave more than " + limit + " bytes");
        }
        buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
}
