package io.millrace.transforms.enricher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
}
