package io.millrace.transforms.enricher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What failures of futures are. */
final class Failures {
    private Failures() {}

    /** What failed, without what futures put around it. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What failed, for a person. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** A future; if it is cancelled, so is the one that it is of. */
    static <T> CompletableFuture<T> cancelling(CompletableFuture<T> future, CompletableFuture<?> of) {
        future.whenComplete((value, failure) -> {
            if (future.isCancelled()) {
                of.cancel(false);
            }
        });
        return future;
    }
}
