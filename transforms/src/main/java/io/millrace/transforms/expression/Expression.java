package io.millrace.transforms.expression;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What the expressions with one text have in common. */
abstract class Expression implements Serializable {
    private static final long serialVersionUID = 1;

    private final String source;
    private final transient Checked checked;

    Expression(String source, Wanted wanted) {
        this.source = source;
        this.checked = Checker.check(source, wanted);
    }

    /** The text that it was made of. */
    public final String source() {
        return source;
    }

    final Checked checked() {
        return checked;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other != null && getClass() == other.getClass() && source.equals(((Expression) other).source);
    }

    @Override
    public final int hashCode() {
        return source.hashCode();
    }

    @Override
    public final String toString() {
        return source;
    }
}
