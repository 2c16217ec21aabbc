package io.millrace.transforms.enricher;

import org.jspecify.annotations.Nullable;

/** No try worked within the time that was given. */
final class LookupGaveUpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LookupGaveUpException(String message, @Nullable Throwable last) {
        super(message, last);
    }
}
