package io.millrace.runnerprofiles;

import org.jspecify.annotations.Nullable;

/** What went wrong with a Flink cluster, in one readable line. */
public final class FlinkClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FlinkClusterException(String message) {
        this(message, null);
    }

    FlinkClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
