package io.millrace.transforms.expression;

import java.io.Serializable;

/**
 * Where an expression stands in its {@link Plan}: what {@link Plan.Builder} answers for an expression and an
 * {@link Evaluator} of that plan takes. It means nothing to another plan.
 *
 * @param <E> the expression: {@link Filter}, {@link Projection}, {@link TextExpression}, {@link TimeExpression}; or
 *     {@link DocumentField}
 */
public final class Handle<E> implements Serializable {
    private static final long serialVersionUID = 1;

    private final int index;

    Handle(int index) {
        this.index = index;
    }

    int index() {
        return index;
    }
}
