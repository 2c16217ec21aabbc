package io.millrace.transforms.enricher;

/** An element whose key cannot be computed: it becomes a dead letter. A key function throws it. */
public final class KeyFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why there is no key; for a person. */
    public KeyFailedException(String message) {
        super(message);
    }
}
