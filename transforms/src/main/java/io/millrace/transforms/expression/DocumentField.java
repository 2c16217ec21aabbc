package io.millrace.transforms.expression;

import static io.millrace.transforms.expression.EvaluationException.Kind.NOT_JSON;
import static io.millrace.transforms.expression.EvaluationException.Kind.NO_VALUE;

import org.jspecify.annotations.Nullable;

/**
 * A field of the top level of documents, to be set: in place of the one that the document has, of several the last, or behind all others.
 * What else is in a document stays as it is, byte for byte. For one thread.
 */
public final class DocumentField {
    private final byte[] opening;
    private final Path document = Path.document();
    private final Path field;
    private final Slots slots;
    private final Scanner scanner;

    private DocumentField(String name) {
        this.opening = Projection.opening(name);
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
        JsonBytes out = new JsonBytes();
        if (slots.type(field) == Slots.ABSENT) {
            append(bytes, value, out);
        } else {
            out.raw(bytes, 0, slots.start(field));
            out.raw(value);
            out.raw(bytes, slots.end(field), bytes.length);
        }
        return out.toByteArray();
    }

    private void append(byte[] bytes, byte[] value, JsonBytes out) {
        int end = bytes.length - 1;
        while (bytes[end] != '}') {
            end--;
        }
        int last = end - 1;
        while (bytes[last] <= ' ') {
            last--;
        }
        out.raw(bytes, 0, last + 1);
        if (bytes[last] != '{') {
            out.put(',');
        }
        out.raw(opening);
        out.raw(value);
        out.raw(bytes, last + 1, bytes.length);
    }
}
