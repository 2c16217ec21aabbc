package io.millrace.devinterface.spec;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** A spec is wrong; every problem that was found, in the order of its text, is given together. The message has one a line. */
public final class SpecProblems extends Exception {
    private static final long serialVersionUID = 1;

    private final List<SpecProblem> problems;

    SpecProblems(List<SpecProblem> problems) {
        super(problems.stream().map(SpecProblem::toString).collect(joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** The problems, at least one. */
    public List<SpecProblem> problems() {
        return problems;
    }
}
