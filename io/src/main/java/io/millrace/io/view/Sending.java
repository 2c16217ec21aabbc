package io.millrace.io.view;

import com.google.common.base.Throwables;
import io.millrace.io.sink.RefusedException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A change on its way to a zone.
 *
 * @param done ends with it
 * @param inSteps whether it is not sent whole at once, so that what is sent after it could be done before it
 */
record Sending(Change change, CompletableFuture<Void> done, boolean inSteps) {

    boolean holdsUpOthers() {
        return inSteps && !done.isDone();
    }

    /** Ends with it, whatever became of it. */
    CompletableFuture<Boolean> ended() {
        return done.handle((nothing, failure) -> failure == null);
    }

    /**
     * Waits for it.
     *
     * @throws IOException if the zone could not take it
     * @throws RefusedException if the zone takes no such value
     */
    void await() throws IOException, RefusedException, InterruptedException {
        await(done);
    }

    /** Waits for something of a zone. */
    static void await(CompletableFuture<?> done) throws IOException, RefusedException, InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            Throwable cause = Throwables.getCausalChain(e).stream()
                    .filter(one -> one instanceof IOException || one instanceof RefusedException)
                    .findFirst()
                    .orElse(e);
            Throwables.throwIfInstanceOf(cause, IOException.class);
            Throwables.throwIfInstanceOf(cause, RefusedException.class);
            throw new IllegalStateException(e);
        }
    }
}
