package io.millrace.transforms.expression;

/** A field of the top level as it is written into documents of one JSON object. What else is in them stays as it is, byte for byte. */
final class FieldBytes {
    private static final byte[] NOTHING = {};

    private final byte[] opening;
    private final byte[] openingBehindAnother;

    FieldBytes(String name) {
        this.opening = Projection.opening(name);
        this.openingBehindAnother = joined(NOTHING, 0, new byte[] {','}, opening, 0);
    }

    /** A document with another value where the field's value stands. */
    byte[] replaced(byte[] document, int start, int end, byte[] value) {
        return joined(document, start, NOTHING, value, end);
    }

    /** Where a document ends, but for what closes it. */
    static int end(byte[] document) {
        int last = document.length - 1;
        while (document[last] != '}') {
            last--;
        }
        last--;
        while (document[last] <= ' ') {
            last--;
        }
        return last + 1;
    }

    /** A document without the field, with it at the document's {@link #end}. */
    byte[] appended(byte[] document, int end, byte[] value) {
        return joined(document, end, opening(document, end), value, end);
    }

    /** Where the value of a field begins that is appended. */
    int valueAt(byte[] document, int end) {
        return end + opening(document, end).length;
    }

    private byte[] opening(byte[] document, int end) {
        return document[end - 1] == '{' ? opening : openingBehindAnother;
    }

    /** A document up to a position, what opens the field, its value, and the document from another position on. */
    private static byte[] joined(byte[] document, int to, byte[] opening, byte[] value, int from) {
        byte[] joined = new byte[to + opening.length + value.length + document.length - from];
        System.arraycopy(document, 0, joined, 0, to);
        System.arraycopy(opening, 0, joined, to, opening.length);
        System.arraycopy(value, 0, joined, to + opening.length, value.length);
        System.arraycopy(document, from, joined, to + opening.length + value.length, document.length - from);
        return joined;
    }
}
