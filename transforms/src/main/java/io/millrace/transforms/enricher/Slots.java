package io.millrace.transforms.enricher;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Room for calls on their way; who finds none waits, in order. */
final class Slots {
    private final Executor callers;
    private final Queue<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int free;

    /** So many; who waited goes on in a thread of the executor. */
    Slots(int count, Executor callers) {
        this.free = count;
        this.callers = callers;
    }

    /** Completes when there is room, which is then taken. */
    synchronized CompletableFuture<Boolean> take() {
        if (free > 0) {
            free--;
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        waiting.add(taken);
        return taken;
    }

    /** Makes room for the next one. */
    synchronized void giveBack() {
        CompletableFuture<Boolean> next = waiting.poll();
        if (next == null) {
            free++;
        } else {
            callers.execute(() -> next.complete(true));
        }
    }

    /** Nobody waits any more of those who do. */
    synchronized void forget() {
        waiting.clear();
    }
}
