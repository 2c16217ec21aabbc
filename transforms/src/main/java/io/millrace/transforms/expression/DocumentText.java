package io.millrace.transforms.expression;

import static io.millrace.transforms.expression.EvaluationException.Kind.FAILED;
import static io.millrace.transforms.expression.EvaluationException.Kind.NOT_JSON;

import java.util.Arrays;

/**
 * A text or a number at the top level of documents, of several fields of its name the last: a text without its escapes, in UTF-8, a number
 * as it is written. For one thread.
 */
public final class DocumentText {
    private final String name;
    private final Path document = Path.document();
    private final Path field;
    private final Slots slots;
    private final Scanner scanner;

    private DocumentText(String name) {
        this.name = name;
        this.field = document.child(name);
        this.slots = new Slots(document.number(0));
        this.scanner = new Scanner(slots);
    }

    /** The field of a name. */
    public static DocumentText named(String name) {
        return new DocumentText(name);
    }

    /**
     * The text of the field.
     *
     * @throws EvaluationException if the document is not one JSON object, or has no text and no number there
     */
    public byte[] of(byte[] bytes) throws EvaluationException {
        String problem = scanner.scan(bytes, document);
        if (problem != null) {
            throw new EvaluationException(NOT_JSON, problem);
        }
        int start = slots.start(field);
        int end = slots.end(field);
        return switch (slots.type(field)) {
            case Slots.ABSENT -> throw new EvaluationException(FAILED, "no such field '" + name + "'");
            case Slots.STRING -> Arrays.copyOfRange(bytes, start + 1, end - 1);
            case Slots.ESCAPED_STRING -> unescaped(bytes, start + 1, end - 1);
            case Slots.INTEGER, Slots.REAL -> Arrays.copyOfRange(bytes, start, end);
            default -> throw new EvaluationException(FAILED, "field '" + name + "' is neither text nor a number");
        };
    }

    private byte[] unescaped(byte[] bytes, int from, int to) throws EvaluationException {
        byte[] text = JsonStrings.unescapedUtf8(bytes, from, to);
        if (text == null) {
            throw new EvaluationException(FAILED, "field '" + name + "' has half of a surrogate pair");
        }
        return text;
    }
}
