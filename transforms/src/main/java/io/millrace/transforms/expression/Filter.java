package io.millrace.transforms.expression;

/**
 * A condition over one event, in the Common Expression Language; an {@link Evaluator} answers true or false.
 *
 * <p>The variables are {@code event} (the JSON document), {@code key} (text or null), {@code headers} (the last value of
 * each name, text or null) and {@code timestamp}. A number of the document is an int when it is written without fraction
 * and exponent and fits 64 bits, else a double. Arithmetic between int and double is double arithmetic, which is the one
 * addition to the standard. A field that is not there is an error: guard it with {@code has(event.country)}.
 *
 * <p><i>State</i>: immutable; it travels as its text and is parsed and checked again where it arrives.
 *
 * <p><i>Fails</i>: {@link ExpressionException} when it does not parse, names something unknown, or cannot be a bool.
 */
public final class Filter extends Expression {
    private static final long serialVersionUID = 1;

    private Filter(String source) {
        super(source, Wanted.CONDITION);
    }

    /** The filter with this text. */
    public static Filter of(String cel) {
        return new Filter(cel);
    }

    private Object readResolve() {
        return new Filter(source());
    }
}
