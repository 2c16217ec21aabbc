package io.millrace.pipelines;

import java.util.List;

/** A spec or options that cannot be used: every problem, each as one line, {@code path: problem}. */
final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    WrongInput(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
