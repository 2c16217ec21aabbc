package io.millrace.transforms.enricher;

/** A lookup that fails however often it is tried: its element becomes a dead letter, and the next is looked up. */
public final class LookupRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was refused, and why; for a person. */
    public LookupRefusedException(String message) {
        super(message);
    }

    /** The same, by a cause. */
    public LookupRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
