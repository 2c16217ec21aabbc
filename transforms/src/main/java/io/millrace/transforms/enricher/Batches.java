package io.millrace.transforms.enricher;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts keys of a place that are asked for one after the other into one call. A batch that is refused is asked for key by key. */
final class Batches<KeyT, ValueT> {
    /** How long a batch waits to be full. */
    static final Duration LINGER = Duration.ofMillis(5);

    private final Calls<KeyT, ValueT> calls;
    private final Function<KeyT, Object> place;
    private final int maxBatch;
    private final Duration linger;
    private final ScheduledExecutorService timer;
    private final Executor callers;
    private final Map<Object, Batch> waiting = new HashMap<>();

    Batches(
            Calls<KeyT, ValueT> calls,
            Function<KeyT, Object> place,
            int maxBatch,
            Duration linger,
            ScheduledExecutorService timer,
            Executor callers) {
        this.calls = calls;
        this.place = place;
        this.maxBatch = maxBatch;
        this.linger = linger;
        this.timer = timer;
        this.callers = callers;
    }

    /** Asks for a key; completes with null where there is nothing. */
    CompletableFuture<@Nullable ValueT> ask(KeyT key) {
        if (maxBatch == 1) {
            return alone(key);
        }
        synchronized (this) {
            Batch batch = waiting.computeIfAbsent(place.apply(key), this::begin);
            CompletableFuture<@Nullable ValueT> answer = batch.ask(key);
            if (batch.answers.size() == maxBatch) {
                flush(batch);
            }
            return answer;
        }
    }

    private CompletableFuture<@Nullable ValueT> alone(KeyT key) {
        CompletableFuture<Map<KeyT, ValueT>> call = calls.call(Set.of(key));
        return Futures.cancelling(call.thenApply(values -> values.get(key)), call);
    }

    private Batch begin(Object of) {
        Batch batch = new Batch(of);
        timer.schedule(() -> flush(batch), linger.toMillis(), TimeUnit.MILLISECONDS);
        return batch;
    }

    /** Calls for a batch that still waits; never where somebody asks, whose own locks may be those that answers need. */
    private synchronized void flush(Batch batch) {
        if (waiting.remove(batch.place, batch)) {
            callers.execute(batch::call);
        }
    }

    /** Keys that are asked for in one call. Those who ask for the same one share its answer, and each may give up for itself. */
    private final class Batch {
        private final Object place;
        private final Map<KeyT, CompletableFuture<@Nullable ValueT>> answers = new HashMap<>();
        private final AtomicInteger wanted = new AtomicInteger();
        private volatile @Nullable CompletableFuture<Map<KeyT, ValueT>> call;

        Batch(Object place) {
            this.place = place;
        }

        CompletableFuture<@Nullable ValueT> ask(KeyT key) {
            wanted.incrementAndGet();
            CompletableFuture<@Nullable ValueT> own = answers.computeIfAbsent(key, absent -> new CompletableFuture<>())
                    .copy();
            own.whenComplete((value, failure) -> {
                if (own.isCancelled() && wanted.decrementAndGet() == 0) {
                    cancel();
                }
            });
            return own;
        }

        private void cancel() {
            CompletableFuture<?> running = call;
            if (running != null) {
                running.cancel(false);
            }
        }

        void call() {
            CompletableFuture<Map<KeyT, ValueT>> called = calls.call(Set.copyOf(answers.keySet()));
            call = called;
            if (wanted.get() == 0) {
                called.cancel(false);
            }
            called.whenComplete((values, failure) -> {
                if (failure == null) {
                    answers.forEach((key, answer) -> answer.complete(values.get(key)));
                } else if (answers.size() > 1 && Futures.cause(failure) instanceof LookupRefusedException) {
                    callers.execute(() -> answers.forEach(Batches.this::askAgainAlone));
                } else {
                    answers.values().forEach(answer -> answer.completeExceptionally(Futures.cause(failure)));
                }
            });
        }
    }

    private void askAgainAlone(KeyT key, CompletableFuture<@Nullable ValueT> answer) {
        alone(key).whenComplete((value, failure) -> Futures.complete(answer, value, failure));
    }
}
