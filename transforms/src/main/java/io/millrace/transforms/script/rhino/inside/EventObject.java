package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.rhino.Guard;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.TopLevel.Builtins;

/** An object of an event. What a script does not touch is neither decoded nor encoded. */
final class EventObject extends LazyObject {
    private static final long serialVersionUID = 1;

    /** In place of a member that is null; a Java null is one that nobody has read. */
    private static final Object NULL = new Object();

    private final transient byte[] bytes;
    private final int start;
    private final int end;
    private final transient EventScope scope;
    private transient @Nullable Spans spans;
    private transient @Nullable Object @Nullable [] values;

    /** A document whose members are known. */
    EventObject(byte[] bytes, Spans spans, EventScope scope) {
        this(bytes, 0, bytes.length, scope);
        this.spans = spans;
    }

    EventObject(byte[] bytes, int start, int end, EventScope scope) {
        super(scope);
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.scope = scope;
    }

    Spans spans() {
        if (spans == null) {
            Guard.weigh(end - start);
            spans = JsonScanner.object(bytes, start);
        }
        return spans;
    }

    @Override
    int count() {
        return spans().count() / 2;
    }

    @Override
    int find(String name) {
        Spans known = spans();
        int length = name.length();
        for (int member = known.count() / 2 - 1; member >= 0; member--) {
            int from = known.start(2 * member) + 1;
            int to = known.end(2 * member) - 1;
            // A byte is at most one character, and a character of a name at least one byte.
            if (to - from >= length && isNamed(name, from, to)) {
                return member;
            }
        }
        return -1;
    }

    private boolean isNamed(String name, int from, int to) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            byte b = bytes[from + i];
            if (b < 0 || b == '\\') {
                return JsonValues.string(bytes, from, to).equals(name);
            }
            if (b != name.charAt(i)) {
                return false;
            }
        }
        return to - from == length;
    }

    @Override
    String name(int member) {
        Spans known = spans();
        return JsonValues.string(bytes, known.start(2 * member) + 1, known.end(2 * member) - 1);
    }

    @Override
    @Nullable Object value(int member) {
        if (values == null) {
            values = new Object[count()];
        }
        Object value = values[member];
        if (value == null) {
            value = JsonValues.value(bytes, spans().start(2 * member + 1), spans().end(2 * member + 1), scope);
            values[member] = value == null ? NULL : value;
        }
        return value == NULL ? null : value;
    }

    /** The member of a name if its value is still the one that the document has, or -1; looks first where it is expected. */
    int original(String name, @Nullable Object value, int expected) {
        if (values == null) {
            return -1;
        }
        int member = expected < values.length && name(expected).equals(name) ? expected : find(name);
        return member >= 0 && values[member] == (value == null ? NULL : value) ? member : -1;
    }

    /** Whether the document's bytes are what this object is. An array may have been changed, once it was read. */
    boolean isUntouched(EventScope scope) {
        if (!isPending() || getPrototype() != scope.getBuiltinPrototype(Builtins.Object)) {
            return false;
        }
        if (values == null) {
            return true;
        }
        for (Object value : values) {
            if (value instanceof EventArray || value instanceof EventObject member && !member.isUntouched(scope)) {
                return false;
            }
        }
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }
}
