package io.millrace.io.sink;

import io.millrace.transforms.event.DeadLetter.Reason;

/** A sink does not take this one event, however often it is sent. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final String message;

    /** The refusal of an event, with what is wrong with it for a person to read. */
    public RefusedException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.message = message;
    }

    /** The kind of refusal. */
    public Reason reason() {
        return reason;
    }

    /** What is wrong with the event. */
    public String message() {
        return message;
    }
}
