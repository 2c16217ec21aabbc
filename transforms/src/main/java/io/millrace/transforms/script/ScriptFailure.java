package io.millrace.transforms.script;

import io.millrace.transforms.event.DeadLetter.Reason;

/**
 * A script has no result for one event. The message is short and says what was wrong, with the line and column of the script where
 * these are known; there is no stack trace, because a job meets this as often as its events are defective.
 */
public final class ScriptFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** A failure of one kind: {@code NO_VALUE}, {@code NOT_JSON}, {@code SCRIPT_FAILED} or {@code SCRIPT_LIMIT}. */
    public ScriptFailure(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** The reason that a dead letter gives. */
    public Reason reason() {
        return reason;
    }
}
