package io.millrace.transforms.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.Headers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation works on: one event, and the registers in which a node leaves its value. A node answers the
 * {@link Kind} of its value, so that numbers and slices of the document travel without an object of their own.
 */
final class Frame {
    private static final byte[] NOTHING = {};

    long number;
    double real;
    Object object = Null.NULL;
    byte[] bytes = NOTHING;
    int from;
    int to;
    String error = "";

    final Slots slots;
    final @Nullable Object[] locals;
    private final Memo[] memos;
    /** The number of the event that this is bound to. */
    long event;

    byte @Nullable [] key;
    Headers headers = Headers.empty();
    long timestampMillis = Evaluator.NO_TIMESTAMP;
    private @Nullable Map<Object, Object> headerMap;

    /** A frame for what shares nothing. */
    Frame(Slots slots, int locals) {
        this(slots, locals, 0);
    }

    /** A frame for so many variables of loops, and so many nodes that are shared. */
    Frame(Slots slots, int locals, int shared) {
        this.slots = slots;
        this.locals = new Object[locals];
        this.memos = Stream.generate(Memo::new).limit(shared).toArray(Memo[]::new);
    }

    Memo memo(int place) {
        return memos[place];
    }

    void bind(byte @Nullable [] key, Headers headers, long timestampMillis) {
        this.key = key;
        this.headers = headers;
        this.timestampMillis = timestampMillis;
        this.headerMap = null;
        forget();
    }

    /** Forgets the values of what is shared: the document is another one. */
    void forget() {
        event++;
    }

    int fail(String reason) {
        error = reason;
        return Kind.ERROR;
    }

    int integer(long value) {
        number = value;
        return Kind.INT;
    }

    int unsigned(long bits) {
        number = bits;
        return Kind.UINT;
    }

    int real(double value) {
        real = value;
        return Kind.DOUBLE;
    }

    int list(List<?> value) {
        object = value;
        return Kind.LIST;
    }

    int text(byte[] utf8, int start, int end) {
        bytes = utf8;
        from = start;
        to = end;
        return Kind.TEXT;
    }

    /** Text that came from outside: an error unless it is UTF-8. */
    int foreignText(byte[] maybeUtf8, String what) {
        return Utf8.isValid(maybeUtf8) ? text(maybeUtf8, 0, maybeUtf8.length) : fail(what + " is not UTF-8");
    }

    /** The string in the registers, which are of {@link Kind#TEXT} or {@link Kind#STRING}. */
    String string(int kind) {
        return kind == Kind.TEXT ? new String(bytes, from, to - from, UTF_8) : (String) object;
    }

    /** The value in the registers as an object. */
    Object boxed(int kind) {
        return switch (kind) {
            case Kind.FALSE -> Boolean.FALSE;
            case Kind.TRUE -> Boolean.TRUE;
            case Kind.NULL -> Null.NULL;
            case Kind.INT -> number;
            case Kind.UINT -> new Unsigned(number);
            case Kind.DOUBLE -> real;
            case Kind.TEXT -> string(kind);
            default -> object;
        };
    }

    /** Takes an object into the registers. */
    int unboxed(Object value) {
        if (value instanceof Failure failure) {
            return fail(failure.reason());
        }
        int kind = Values.kindOf(value);
        switch (kind) {
            case Kind.INT -> number = (Long) value;
            case Kind.UINT -> number = ((Unsigned) value).bits();
            case Kind.DOUBLE -> real = (Double) value;
            default -> object = value;
        }
        return kind;
    }

    /** The last value of every header's name as text. */
    Map<Object, Object> headerMap() throws Failure {
        if (headerMap == null) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < headers.size(); i++) {
                map.put(headers.name(i), headerText(headers.name(i), headers.value(i)));
            }
            headerMap = map;
        }
        return headerMap;
    }

    private static Object headerText(String name, byte @Nullable [] value) throws Failure {
        if (value == null) {
            return Null.NULL;
        }
        if (!Utf8.isValid(value)) {
            throw new Failure("header '" + name + "' is not UTF-8");
        }
        return new String(value, UTF_8);
    }

    int timestamp(Instant value) {
        object = value;
        return Kind.TIMESTAMP;
    }
}
