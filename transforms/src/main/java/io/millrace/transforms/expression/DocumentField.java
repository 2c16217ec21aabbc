package io.millrace.transforms.expression;

import static io.millrace.transforms.expression.EvaluationException.Kind.NOT_JSON;
import static io.millrace.transforms.expression.EvaluationException.Kind.NO_VALUE;

import org.jspecify.annotations.Nullable;

/**
 * A field of the top level of documents, to be set: in place of the one that the document has, of several the last, or behind all others.
 * What else is in a document stays as it is, byte for byte. For one thread.
 */
public final class DocumentField {
    private final FieldBytes text;
    private final Path document = Path.document();
    private final Path field;
    private final Slots slots;
    private final Scanner scanner;

    private DocumentField(String name) {
        this.text = new FieldBytes(name);
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
                ? text.appended(bytes, FieldBytes.end(bytes), value)
                : text.replaced(bytes, slots.start(field), slots.end(field), value);
    }
}
