package io.millrace.transforms.script.version;

import java.util.List;

/** A control record is refused; thrown with every problem that was found together. */
public final class ControlRecordException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final List<String> problems;

    /** What is wrong, each with its path in the record. */
    public ControlRecordException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the record. */
    public List<String> problems() {
        return problems;
    }
}
