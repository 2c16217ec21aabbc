package io.millrace.transforms.script.rhino;

/**
 * A script has used up a limit. An error, because a script can catch no error: it runs its {@code finally} blocks alone, and these
 * meet the same limit at once.
 */
public final class LimitError extends Error {
    private static final long serialVersionUID = 1;

    LimitError(String message) {
        super(message, null, false, true);
    }
}
