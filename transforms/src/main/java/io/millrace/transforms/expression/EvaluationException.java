package io.millrace.transforms.expression;

import io.millrace.transforms.event.DeadLetter.Reason;

/**
 * An expression has no result for one event. The message is short and names what was missing or wrong; there is no
 * stack trace, because a route meets this as often as its events are defective.
 */
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why there is no result. */
    public enum Kind {
        /** The expression looks into the document, and the event has none: a tombstone. */
        NO_VALUE,
        /** The document is no JSON object, is broken somewhere up to its end, or is not UTF-8. */
        NOT_JSON,
        /** The document is sound, and the expression failed on it: a missing field, a wrong type, an overflow. */
        FAILED
    }

    private final Kind kind;

    EvaluationException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** Why there is no result. */
    public Kind kind() {
        return kind;
    }

    /** The reason that a dead letter gives; the one handed in where the document is sound and the expression failed on it. */
    public Reason reason(Reason failed) {
        return switch (kind) {
            case NO_VALUE -> Reason.NO_VALUE;
            case NOT_JSON -> Reason.NOT_JSON;
            case FAILED -> failed;
        };
    }
}
