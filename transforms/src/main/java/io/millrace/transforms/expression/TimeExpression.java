package io.millrace.transforms.expression;

/**
 * A time computed from one event, such as its event time: epoch milliseconds (an int, or a double without fraction), RFC
 * 3339 text, or a timestamp; what comes out is epoch milliseconds, finer parts cut off towards the past.
 *
 * <p><i>State</i>: immutable; it travels as its text and is parsed and checked again where it arrives.
 *
 * <p><i>Fails</i>: {@link ExpressionException} when it does not parse, names something unknown, or cannot be a time; a
 * result of another type, unreadable text and a time outside of the years 1 to 9999 are {@link EvaluationException}s.
 */
public final class TimeExpression extends Expression {
    private static final long serialVersionUID = 1;

    private TimeExpression(String source) {
        super(source, Wanted.TIME);
    }

    /** The expression with this text; the language is that of {@link Filter}. */
    public static TimeExpression of(String cel) {
        return new TimeExpression(cel);
    }

    private Object readResolve() {
        return new TimeExpression(source());
    }
}
