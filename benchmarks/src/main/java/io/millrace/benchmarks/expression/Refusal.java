package io.millrace.benchmarks.expression;

/** A job has no answer for a document; without a stack trace. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** Why there is no answer. */
    enum Reason {
        NOT_JSON,
        FAILED
    }

    private final Reason reason;

    Refusal(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
