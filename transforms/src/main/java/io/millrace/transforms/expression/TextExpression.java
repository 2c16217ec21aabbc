package io.millrace.transforms.expression;

/**
 * Text computed from one event, such as a record's key: the bytes of a string in UTF-8, of a number as JSON writes it, of
 * {@code true} and {@code false}, the bytes of a bytes value as they are, and nothing for null.
 *
 * <p><i>State</i>: immutable; it travels as its text and is parsed and checked again where it arrives.
 *
 * <p><i>Fails</i>: {@link ExpressionException} when it does not parse, names something unknown, or cannot be text; a result
 * of another type is an {@link EvaluationException}.
 */
public final class TextExpression extends Expression {
    private static final long serialVersionUID = 1;

    private TextExpression(String source) {
        super(source, Wanted.TEXT);
    }

    /** The expression with this text; the language is that of {@link Filter}. */
    public static TextExpression of(String cel) {
        return new TextExpression(cel);
    }

    private Object readResolve() {
        return new TextExpression(source());
    }
}
