package io.millrace.transforms.script;

import static java.util.stream.Collectors.joining;

import io.millrace.transforms.expression.Problem;
import java.util.List;

/** The text of a script is wrong; thrown when it is compiled, with every problem that was found together. */
public final class ScriptException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<Problem> problems;

    /** What is wrong, and where in the script's own text. */
    public ScriptException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the text. */
    public List<Problem> problems() {
        return problems;
    }
}
