package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.rate.Permits;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The lookups of a process: a client with what is around it, from the inside out a rate, tries, batches and a cache. */
final class Lookups<KeyT, ValueT> implements AutoCloseable {
    private final LookupSettings<KeyT, ValueT> settings;
    private final Clock clock;
    private final LookupCounts counts = new LookupCounts();
    private final ScheduledThreadPoolExecutor scheduler;
    private final LookupClient<KeyT, ValueT> client;
    private final Permits permits;
    private final Batches<KeyT, ValueT> batches;
    private final @Nullable LookupCache<KeyT, ValueT> cache;

    Lookups(LookupSettings<KeyT, ValueT> settings, Clock clock, LongSupplier nanos) {
        this.settings = settings;
        this.clock = clock;
        this.client = settings.provider().open();
        this.scheduler = scheduler("millrace-lookups-" + settings.name());
        this.permits = new Permits(settings.callsPerSecond(), Permits.MADE_UP_FOR, nanos);
        Calls<KeyT, ValueT> calls = new Calls<>(settings.name(), client, settings.calls(), permits, scheduler, counts);
        this.batches = new Batches<>(calls, settings.provider().maxBatch(), scheduler);
        CacheSettings kept = settings.cache();
        this.cache = kept == null ? null : new LookupCache<>(kept, this::call, nanos::getAsLong, counts);
    }

    private static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler =
                (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1, task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        scheduler.setRemoveOnCancelPolicy(true);
        return scheduler;
    }

    /** Asks for a key. */
    CompletableFuture<Answer<ValueT>> ask(KeyT key) {
        return cache == null ? call(key) : cache.ask(key);
    }

    /** Asks for a key of which the answer became too old before it was used. */
    CompletableFuture<Answer<ValueT>> askAnew(KeyT key) {
        if (cache != null) {
            cache.forget(key);
        }
        return ask(key);
    }

    private CompletableFuture<Answer<ValueT>> call(KeyT key) {
        return batches.ask(key).thenApply(value -> new Answer<>(value, clock.instant(), From.CALL));
    }

    /** Whether an answer may be used as old as it is. */
    boolean isFresh(Answer<ValueT> answer, Duration age) {
        CacheSettings kept = settings.cache();
        return kept == null || answer.value() == null || age.compareTo(kept.maxAge()) <= 0;
    }

    Permits permits() {
        return permits;
    }

    LookupCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        client.close();
    }
}
