package io.millrace.transforms.enricher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An element that waits for its answer.
 *
 * @param key what was asked for; null where it has none
 */
record Waiting<InputT, KeyT, ValueT>(
        InputT input,
        @Nullable KeyT key,
        CompletableFuture<Answer<ValueT>> answer,
        Instant time,
        BoundedWindow window,
        PaneInfo pane) {

    /** The same, asked for again. */
    Waiting<InputT, KeyT, ValueT> again(CompletableFuture<Answer<ValueT>> answer) {
        return new Waiting<>(input, key, answer, time, window, pane);
    }

    /** Waits for the answer, or for its failure. */
    void await() throws InterruptedException {
        try {
            answer.get();
        } catch (ExecutionException e) {
            // whoever takes the answer is told
        }
    }

    /** The same, but for so long at most; whether it is there. */
    boolean await(long nanos) throws InterruptedException {
        try {
            answer.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
