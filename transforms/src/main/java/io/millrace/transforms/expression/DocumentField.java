package io.millrace.transforms.expression;

import static io.millrace.transforms.expression.EvaluationException.Kind.NOT_JSON;
import static io.millrace.transforms.expression.EvaluationException.Kind.NO_VALUE;

import org.jspecify.annotations.Nullable;

/**
 * A field of the top level of documents, to be set: in place of the one that the document has, of several the last, or behind all others.
 * What else is in a document stays as it is, byte for byte. For one thread.
 */
public final class DocumentField {
    private static final byte[] NOTHING = {};

    private final byte[] opening;
    private final byte[] openingBehindAnother;
    private final Path document = Path.document();
    private final Path field;
    private final Slots slots;
    private final Scanner scanner;

    private DocumentField(String name) {
        this.opening = Projection.opening(name);
        this.openingBehindAnother = joined(NOTHING, 0, new byte[] {','}, opening, 0);
        this.field = document.child(name);
        this.slots = new Slots(document.number(0));
        this.scanner = new Scanner(slots);
    }

    /** The field of a name. */
    public static DocumentField named(String name) {
        return new DocumentField(name);
    }

    /**
     * The document with the field set.
     *
     * @param bytes a document of JSON
     * @param value one value of JSON
     * @throws EvaluationException if there is no document, or it is not one JSON object
     */
    public byte[] set(byte @Nullable [] bytes, byte[] value) throws EvaluationException {
        if (bytes == null) {
            throw new EvaluationException(NO_VALUE, "the event has no value");
        }
        String problem = scanner.scan(bytes, document);
        if (problem != null) {
            throw new EvaluationException(NOT_JSON, problem);
        }
        return slots.type(field) == Slots.ABSENT
                ? appended(bytes, value)
                : joined(bytes, slots.start(field), NOTHING, value, slots.end(field));
    }

    private byte[] appended(byte[] bytes, byte[] value) {
        int end = bytes.length - 1;
        while (bytes[end] != '}') {
            end--;
        }
        int last = end - 1;
        while (bytes[last] <= ' ') {
            last--;
        }
        return joined(bytes, last + 1, bytes[last] == '{' ? opening : openingBehindAnother, value, last + 1);
    }

    /** A document up to a position, what opens the field, its value, and the document from another position on. */
    private static byte[] joined(byte[] bytes, int to, byte[] opening, byte[] value, int from) {
        byte[] joined = new byte[to + opening.length + value.length + bytes.length - from];
        System.arraycopy(bytes, 0, joined, 0, to);
        System.arraycopy(opening, 0, joined, to, opening.length);
        System.arraycopy(value, 0, joined, to + opening.length, value.length);
        System.arraycopy(bytes, from, joined, to + opening.length + value.length, bytes.length - from);
        return joined;
    }
}
