package io.millrace.transforms.view;

import io.millrace.transforms.event.DeadLetter.Reason;

/** An event of which it cannot be said what it changes. */
public final class UnfoldableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why, as a dead letter says it, and in words. */
    public UnfoldableException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why it cannot be said. */
    public Reason reason() {
        return reason;
    }
}
