package io.millrace.transforms.enricher;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Room for calls on their way; who finds none waits, in order. */
final class Slots {
    private final Executor executor;
    private final Queue<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private int free;
    private boolean handingOut;

    /** So many; who waited goes on in a thread of the executor. */
    Slots(int count, Executor executor) {
        this.free = count;
        this.executor = executor;
    }

    /** Completes when there is room, which is then taken. */
    synchronized CompletableFuture<Boolean> take() {
        if (free > 0 && waiting.isEmpty()) {
            free--;
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        waiting.add(taken);
        return taken;
    }

    /** Makes room for the next one. */
    void giveBack() {
        if (begins()) {
            for (CompletableFuture<Boolean> next = next(); next != null; next = next()) {
                CompletableFuture<Boolean> taken = next;
                executor.execute(() -> taken.complete(true));
            }
        }
    }

    /** Of several that give back at a time, or one within the other, one hands out: calls that end at once would be nested without end. */
    private synchronized boolean begins() {
        free++;
        boolean begins = !handingOut;
        handingOut = true;
        return begins;
    }

    private synchronized @Nullable CompletableFuture<Boolean> next() {
        if (free == 0 || waiting.isEmpty()) {
            handingOut = false;
            return null;
        }
        free--;
        return waiting.remove();
    }

    /** Nobody waits any more of those who do. */
    synchronized void forget() {
        waiting.clear();
    }
}
