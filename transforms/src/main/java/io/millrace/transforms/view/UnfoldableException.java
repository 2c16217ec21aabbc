package io.millrace.transforms.view;

/** An event of which it cannot be said what it changes. */
public final class UnfoldableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnfoldableException(String message) {
        super(message);
    }

    public UnfoldableException(String message, Throwable cause) {
        super(message, cause);
    }
}
