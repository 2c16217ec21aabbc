package io.millrace.transforms.expression;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** The text of an expression is wrong; thrown when it is made, with every problem that was found together. */
public final class ExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<Problem> problems;

    ExpressionException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the text. */
    public List<Problem> problems() {
        return problems;
    }
}
