package io.millrace.runnerprofiles;

import java.util.List;

/** Options that a profile does not take: every problem, each as {@code --option: problem}. */
public final class OptionsRefused extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    OptionsRefused(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one line each. */
    public List<String> problems() {
        return problems;
    }
}
