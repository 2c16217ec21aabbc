package io.millrace.runnerprofiles;

import org.jspecify.annotations.Nullable;

/** What went wrong with a Flink cluster: the message is one line for a person, of the innermost cause that is known. */
public final class FlinkClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure. */
    public FlinkClusterException(String message) {
        this(message, null);
    }

    /** A failure, and what caused it. */
    public FlinkClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
