package io.millrace.transforms.enricher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What futures lack. */
final class Futures {
    private Futures() {}

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

    /** What asking gives, also where it throws: whoever waits for an answer must be told. */
    static <T> CompletableFuture<T> caught(Supplier<? extends CompletionStage<T>> asking) {
        try {
            return asking.get().toCompletableFuture();
        } catch (Throwable e) { // an Error too is an answer
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A future ends as another did. */
    static <T> void complete(CompletableFuture<T> future, T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(cause(failure));
        }
    }
}
