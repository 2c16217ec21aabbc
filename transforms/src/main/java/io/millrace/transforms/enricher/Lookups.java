package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.rate.Permits;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of a process: a client with what is around it, from the inside out a time limit, a circuit breaker, a rate, tries, batches
 * and a cache.
 */
final class Lookups<KeyT, ValueT> implements AutoCloseable {
    /** Retries, batches and what waited for a permit begin there; more than one, since what begins a call may wait for the name of a host. */
    private static final int CALLERS = 4;

    private final LookupSettings<KeyT, ValueT> settings;
    private final Clock clock;
    private final LookupCounts counts = new LookupCounts();
    private final String timerName;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService callers;
    private final LookupClient<KeyT, ValueT> client;
    private final Permits permits;
    private final Batches<KeyT, ValueT> batches;
    private final @Nullable LookupCache<KeyT, ValueT> cache;

    Lookups(LookupSettings<KeyT, ValueT> settings, Clock clock, LongSupplier nanos) {
        this(settings, clock, nanos, Batches.LINGER);
    }

    /** Lookups with another time for which a batch waits to be full. */
    Lookups(LookupSettings<KeyT, ValueT> settings, Clock clock, LongSupplier nanos, Duration linger) {
        this.settings = settings;
        this.clock = clock;
        this.client = settings.provider().open();
        this.timerName = "millrace-lookups-" + settings.name();
        this.timer = new ScheduledThreadPoolExecutor(1, daemons(timerName));
        timer.setRemoveOnCancelPolicy(true);
        this.callers = Executors.newFixedThreadPool(CALLERS, daemons(timerName + "-calls"));
        this.permits = new Permits(settings.callsPerSecond(), Permits.MADE_UP_FOR, nanos);
        Calls<KeyT, ValueT> calls =
                new Calls<>(settings.name(), client, settings.calls(), permits, timer, callers, counts);
        this.batches = new Batches<>(calls, client::placeOf, settings.provider().maxBatch(), linger, timer, callers);
        CacheSettings kept = settings.cache();
        this.cache = kept == null
                ? null
                : new LookupCache<>(kept, settings.maxInFlight(), this::call, callers, nanos::getAsLong, counts);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Asks for a key. */
    CompletableFuture<Answer<ValueT>> ask(KeyT key) {
        return cache == null ? call(key) : cache.ask(key);
    }

    /** Asks for a key of which this answer became too old before it was used; another who saw that may have asked meanwhile. */
    CompletableFuture<Answer<ValueT>> askAnew(KeyT key, Answer<ValueT> stale) {
        if (cache != null) {
            cache.forget(key, stale);
        }
        return ask(key);
    }

    /** Gives up what nobody waits for any more; what is kept for others goes on. */
    void abandon(CompletableFuture<Answer<ValueT>> asked) {
        if (cache == null) {
            asked.cancel(false);
        }
    }

    private CompletableFuture<Answer<ValueT>> call(KeyT key) {
        CompletableFuture<@Nullable ValueT> asked = batches.ask(key);
        CompletableFuture<Answer<ValueT>> answer =
                asked.thenApply(value -> new Answer<>(value, clock.instant(), From.CALL));
        return Futures.cancelling(answer, asked);
    }

    /** Whether an answer may be used as old as it is. */
    boolean isFresh(Answer<ValueT> answer, Duration age) {
        CacheSettings kept = settings.cache();
        return kept == null || age.compareTo(answer.value() == null ? kept.longest() : kept.maxAge()) <= 0;
    }

    /** Room for so many lookups; who waited begins on the thread on which another came to its end, but not on the timer's. */
    Slots slots(int count) {
        return new Slots(count, begin -> {
            if (Thread.currentThread().getName().equals(timerName)) {
                callers.execute(begin);
            } else {
                begin.run();
            }
        });
    }

    Permits permits() {
        return permits;
    }

    LookupCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        callers.shutdownNow();
        client.close();
    }
}
