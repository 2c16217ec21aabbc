package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.millrace.transforms.enricher.Enriched.From;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers that a process keeps. Of several that ask for a key at a time, the first one's call answers all. Calls are made outside of the
 * cache's own locks, which answers of other keys may need.
 */
final class LookupCache<KeyT, ValueT> {
    private static final Duration BETWEEN_FAILED_REFRESHES = Duration.ofSeconds(5);

    private final Function<KeyT, CompletableFuture<Answer<ValueT>>> call;
    private final AsyncLoadingCache<KeyT, Outcome<ValueT>> outcomes;
    private final LookupCounts counts;

    /**
     * Keeps what calls come to.
     *
     * @param maxRefreshes how many values may be looked up again beside at a time
     */
    LookupCache(
            CacheSettings settings,
            int maxRefreshes,
            Function<KeyT, CompletableFuture<Answer<ValueT>>> call,
            Executor callers,
            Ticker ticker,
            LookupCounts counts) {
        Caffeine<KeyT, Outcome<ValueT>> caffeine = Caffeine.newBuilder()
                .maximumSize(settings.maxEntries())
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(Expiry.<KeyT, Outcome<ValueT>>writing((key, outcome) -> outcome.lifetime(settings)));
        Duration refreshAfter = settings.refreshAfter();
        if (refreshAfter != null) {
            caffeine.refreshAfterWrite(refreshAfter);
        }
        this.call = call;
        this.outcomes = caffeine.buildAsync(new Refreshes<>(call, callers, maxRefreshes, ticker));
        this.counts = counts;
    }

    CompletableFuture<Answer<ValueT>> ask(KeyT key) {
        CompletableFuture<Outcome<ValueT>> promise = new CompletableFuture<>();
        CompletableFuture<Outcome<ValueT>> kept = outcomes.get(key, (absent, executor) -> promise);
        if (kept == promise) {
            Futures.caught(() -> call.apply(key)).whenComplete((answer, failure) -> {
                if (failure != null) {
                    outcomes.asMap().remove(key, promise); // those whose turn comes by it ask anew
                }
                promise.complete(new Outcome<>(answer, failure));
            });
            return promise.thenCompose(Outcome::asFuture);
        }
        if (!kept.isDone()) {
            counts.merged.increment();
            return kept.thenCompose(Outcome::asFuture);
        }
        counts.cacheHits.increment();
        return kept.thenCompose(Outcome::asFuture).thenApply(answer -> answer.from(From.CACHE));
    }

    /** Has the next one who asks for a key ask anew, where what is kept is this or older. */
    void forget(KeyT key, Answer<ValueT> stale) {
        CompletableFuture<Outcome<ValueT>> kept = outcomes.getIfPresent(key);
        if (kept != null && kept.isDone() && !kept.join().isNewerThan(stale)) {
            outcomes.asMap().remove(key, kept);
        }
    }

    /** What a call came to. A failure is told to those who wait for it, and not kept. */
    private record Outcome<ValueT>(
            @Nullable Answer<ValueT> answer, @Nullable Throwable failure) {

        CompletableFuture<Answer<ValueT>> asFuture() {
            return failure == null
                    ? CompletableFuture.completedFuture(requireNonNull(answer))
                    : CompletableFuture.failedFuture(failure);
        }

        boolean isNewerThan(Answer<ValueT> other) {
            return answer != null && answer.obtainedAt().isAfter(other.obtainedAt());
        }

        Duration lifetime(CacheSettings settings) {
            if (answer == null) {
                return Duration.ZERO;
            }
            return answer.value() == null ? settings.maxAgeOfMisses() : settings.maxAge();
        }
    }

    /** Looks up again what is kept, few at a time; where that fails it is kept as it is, and left alone for a while. */
    private static final class Refreshes<KeyT, ValueT> implements AsyncCacheLoader<KeyT, Outcome<ValueT>> {
        private final Function<KeyT, CompletableFuture<Answer<ValueT>>> call;
        private final Executor callers;
        private final Semaphore free;
        private final Cache<KeyT, Boolean> failed;

        Refreshes(Function<KeyT, CompletableFuture<Answer<ValueT>>> call, Executor callers, int most, Ticker ticker) {
            this.call = call;
            this.callers = callers;
            this.free = new Semaphore(most);
            this.failed = Caffeine.newBuilder()
                    .expireAfterWrite(BETWEEN_FAILED_REFRESHES)
                    .maximumSize(10_000)
                    .ticker(ticker)
                    .executor(Runnable::run)
                    .build();
        }

        @Override
        public CompletableFuture<Outcome<ValueT>> asyncLoad(KeyT key, Executor executor) {
            throw new IllegalStateException("what is not kept is asked for where it is needed");
        }

        @Override
        public CompletableFuture<Outcome<ValueT>> asyncReload(KeyT key, Outcome<ValueT> old, Executor executor) {
            if (failed.getIfPresent(key) != null || !free.tryAcquire()) {
                return CompletableFuture.failedFuture(new CancellationException()); // neither kept nor logged
            }
            return CompletableFuture.supplyAsync(() -> call.apply(key), callers)
                    .thenCompose(asked -> asked)
                    .handle((answer, failure) -> refreshed(key, answer, failure));
        }

        private Outcome<ValueT> refreshed(KeyT key, @Nullable Answer<ValueT> answer, @Nullable Throwable failure) {
            free.release();
            if (failure != null) {
                failed.put(key, true);
                throw new CancellationException();
            }
            return new Outcome<>(answer, null);
        }
    }
}
