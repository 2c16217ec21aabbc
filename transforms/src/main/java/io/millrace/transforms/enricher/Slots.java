package io.millrace.transforms.enricher;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Room for calls on their way; who finds none waits, in order. */
final class Slots {
    private final Executor executor;
    private final Queue<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private final Set<Thread> handingOut = new HashSet<>();
    private int free;

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

    /** What is given back while a thread hands out, by calls that end at once, it hands out too, and not one within the other. */
    private synchronized boolean begins() {
        free++;
        return handingOut.add(Thread.currentThread());
    }

    private synchronized @Nullable CompletableFuture<Boolean> next() {
        if (free == 0 || waiting.isEmpty()) {
            handingOut.remove(Thread.currentThread());
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
