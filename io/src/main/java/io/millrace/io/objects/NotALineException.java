package io.millrace.io.objects;

import io.millrace.transforms.event.DeadLetter.Reason;

/**
 * A value cannot be written as a line; says why, as its dead letter does. There is no stack trace, because a route meets this as
 * often as its events are defective.
 */
public final class NotALineException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String message;

    NotALineException(Reason reason, String message) {
        super(message, null, false, false);
        this.message = message;
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The reason for a dead letter; the message goes with it. */
    public Reason reason() {
        return reason;
    }
}
