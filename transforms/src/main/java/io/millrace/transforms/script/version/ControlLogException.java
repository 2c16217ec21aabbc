package io.millrace.transforms.script.version;

/** A control log can never be used as it is: trying again does not help. */
public final class ControlLogException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    /** What is wrong with it, and what to do. */
    public ControlLogException(String message) {
        super(message);
    }

    /** The same, found by another. */
    public ControlLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
