package io.millrace.io.objects;

import io.millrace.transforms.event.DeadLetter.Reason;

/** Says why a value cannot be written as a line. */
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
