package io.millrace.transforms.expression;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where each referenced place of one document stands, by the id of its {@link Path}. */
final class Slots {
    static final byte ABSENT = 0;
    static final byte NULL = 1;
    static final byte FALSE = 2;
    static final byte TRUE = 3;
    /** A number without fraction and exponent. */
    static final byte INTEGER = 4;

    static final byte REAL = 5;
    /** A string without escapes; start and end include its quotes. */
    static final byte STRING = 6;

    static final byte ESCAPED_STRING = 7;
    static final byte OBJECT = 8;
    static final byte ARRAY = 9;
    /** A number that was read and fits 64 bits. */
    static final byte READ_INTEGER = 10;
    /** A number that was read as a double. */
    static final byte READ_REAL = 11;

    private static final byte[] NOTHING = {};

    private final byte[] types;
    /** Start and end of a place, the start in the upper half. */
    private final long[] spans;

    private final long[] numbers;
    private final @Nullable Object[] values;
    private boolean anyValues;
    private byte[] document = NOTHING;

    Slots(int size) {
        types = new byte[size];
        spans = new long[size];
        numbers = new long[size];
        values = new Object[size];
    }

    void begin(byte[] bytes) {
        document = bytes;
        Arrays.fill(types, ABSENT);
        if (anyValues) {
            Arrays.fill(values, null);
            anyValues = false;
        }
    }

    /** Goes on with a longer document, in which all that was noted stands where it stood; but for the whole of it. */
    void goOn(byte[] longer, Path whole) {
        spans[whole.id()] += longer.length - document.length;
        values[whole.id()] = null;
        document = longer;
    }

    void note(Path path, byte type, int start, int end) {
        int id = path.id();
        types[id] = type;
        spans[id] = (long) start << Integer.SIZE | end;
    }

    /** Forgets an earlier field of the same name with all that was in it: the last one wins. */
    void forget(Path path) {
        if (types[path.id()] != ABSENT) {
            Arrays.fill(types, path.id(), path.lastId() + 1, ABSENT);
        }
    }

    byte type(Path path) {
        return types[path.id()];
    }

    int start(Path path) {
        return (int) (spans[path.id()] >>> Integer.SIZE);
    }

    int end(Path path) {
        return (int) spans[path.id()];
    }

    /** Keeps a number for those who read it again: its value, or the bits of it as a double. */
    void remember(Path path, byte type, long number) {
        types[path.id()] = type;
        numbers[path.id()] = number;
    }

    long number(Path path) {
        return numbers[path.id()];
    }

    byte[] document() {
        return document;
    }

    /** The object, array or escaped string at a place, read once for each document. */
    Object value(Path path) throws Failure {
        Object value = values[path.id()];
        if (value == null) {
            value = new JsonReader(document, start(path)).read();
            values[path.id()] = value;
            anyValues = true;
        }
        return value;
    }
}
