package io.millrace.transforms.expression;

import java.io.Serializable;

/**
 * A time computed from one event, such as its event time: epoch milliseconds (an int, or a double without fraction), RFC
 * 3339 text, or a timestamp; what comes out is epoch milliseconds, finer parts cut off towards the past.
 *
 * <p><i>State</i>: immutable; it travels as its text and is parsed and checked again where it arrives.
 *
 * <p><i>Fails</i>: {@link ExpressionException} when it does not parse, names something unknown, or cannot be a time; a
 * result of another type, unreadable text and a time outside of the years 1 to 9999 are {@link EvaluationException}s.
 */
public final class TimeExpression implements Serializable {
    private static final long serialVersionUID = 1;

    private final String source;
    private final transient Checked checked;

    private TimeExpression(String source) {
        this.source = source;
        this.checked = Checker.check(source, Wanted.TIME);
    }

    /** The expression with this text; the language is that of {@link Filter}. */
    public static TimeExpression of(String cel) {
        return new TimeExpression(cel);
    }

    /** The text that it was made of. */
    public String source() {
        return source;
    }

    Checked checked() {
        return checked;
    }

    private Object readResolve() {
        return new TimeExpression(source);
    }

    @Override
    public String toString() {
        return source;
    }
}
