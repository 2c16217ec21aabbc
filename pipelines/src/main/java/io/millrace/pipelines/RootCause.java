package io.millrace.pipelines;

import com.google.common.base.Throwables;
import java.util.List;
import java.util.Set;

/** The one line that a person needs of a failure: its innermost cause, of which the others are only the way up. */
final class RootCause {
    private static final Set<String> SAYING_NOTHING = Set.of(
            "Exception",
            "RuntimeException",
            "IllegalStateException",
            "IllegalArgumentException",
            "UncheckedIOException");

    private RootCause() {}

    /** The message of the innermost cause, after its kind where that says something. */
    static String line(Throwable failure) {
        List<Throwable> chain = Throwables.getCausalChain(failure);
        Throwable root = chain.get(chain.size() - 1);
        String kind = root.getClass().getSimpleName();
        String message = root.getMessage();
        if (message == null || message.isBlank()) {
            return kind;
        }
        String firstLine = message.strip().lines().findFirst().orElse(kind);
        return SAYING_NOTHING.contains(kind) ? firstLine : kind + ": " + firstLine;
    }
}
