package io.millrace.transforms.script.rhino.inside;

import io.millrace.transforms.script.rhino.Guard;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.TopLevel.Builtins;

/** An array of an event, which remembers what its elements were and where they stand. */
final class EventArray extends NativeArray {
    private static final long serialVersionUID = 1;

    private final transient byte[] bytes;
    private final transient Spans spans;
    private final transient @Nullable Object[] original;

    private EventArray(byte[] bytes, Spans spans, @Nullable Object[] elements, EventScope scope) {
        super(elements);
        this.bytes = bytes;
        this.spans = spans;
        this.original = elements.clone();
        setParentScope(scope);
        setPrototype(scope.getBuiltinPrototype(Builtins.Array));
    }

    static EventArray of(byte[] bytes, int start, int end, EventScope scope) {
        Guard.weigh(end - start);
        Spans spans = JsonScanner.array(bytes, start);
        @Nullable Object[] elements = new Object[spans.count()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = JsonValues.value(bytes, spans.start(i), spans.end(i), scope);
        }
        return new EventArray(bytes, spans, elements, scope);
    }

    /** Whether a value is the element that stood at an index. */
    boolean isOriginal(long index, @Nullable Object value) {
        return index < original.length && original[(int) index] == value;
    }

    byte[] bytes() {
        return bytes;
    }

    Spans spans() {
        return spans;
    }
}
