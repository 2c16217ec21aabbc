package io.millrace.transforms.enricher;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts keys that are asked for one after the other into one call. A batch that is refused is asked for key by key. */
final class Batches<KeyT, ValueT> {
    private static final Duration LINGER = Duration.ofMillis(5);

    private final Calls<KeyT, ValueT> calls;
    private final int maxBatch;
    private final ScheduledExecutorService timer;
    private final Executor callers;
    private Map<KeyT, CompletableFuture<@Nullable ValueT>> waiting = new HashMap<>();

    Batches(Calls<KeyT, ValueT> calls, int maxBatch, ScheduledExecutorService timer, Executor callers) {
        this.calls = calls;
        this.maxBatch = maxBatch;
        this.timer = timer;
        this.callers = callers;
    }

    /** Asks for a key; completes with null where there is nothing. */
    CompletableFuture<@Nullable ValueT> ask(KeyT key) {
        if (maxBatch == 1) {
            return alone(key);
        }
        synchronized (this) {
            if (waiting.isEmpty()) {
                Map<KeyT, CompletableFuture<@Nullable ValueT>> begun = waiting;
                timer.schedule(() -> flush(begun), LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
            CompletableFuture<@Nullable ValueT> answer =
                    waiting.computeIfAbsent(key, absent -> new CompletableFuture<>());
            if (waiting.size() == maxBatch) {
                flush(waiting);
            }
            return answer;
        }
    }

    private CompletableFuture<@Nullable ValueT> alone(KeyT key) {
        CompletableFuture<Map<KeyT, ValueT>> call = calls.call(Set.of(key));
        return Failures.cancelling(call.thenApply(values -> values.get(key)), call);
    }

    /** Calls for a batch that still waits; never where somebody asks, whose own locks may be those that answers need. */
    private synchronized void flush(Map<KeyT, CompletableFuture<@Nullable ValueT>> batch) {
        if (waiting == batch) {
            waiting = new HashMap<>();
            callers.execute(() -> call(batch));
        }
    }

    private void call(Map<KeyT, CompletableFuture<@Nullable ValueT>> batch) {
        calls.call(Set.copyOf(batch.keySet())).whenComplete((values, failure) -> {
            if (failure == null) {
                batch.forEach((key, answer) -> answer.complete(values.get(key)));
            } else if (batch.size() > 1 && Failures.cause(failure) instanceof LookupRefusedException) {
                batch.forEach(this::askAgainAlone);
            } else {
                batch.values().forEach(answer -> answer.completeExceptionally(Failures.cause(failure)));
            }
        });
    }

    private void askAgainAlone(KeyT key, CompletableFuture<@Nullable ValueT> answer) {
        alone(key).whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(Failures.cause(failure));
            }
        });
    }
}
