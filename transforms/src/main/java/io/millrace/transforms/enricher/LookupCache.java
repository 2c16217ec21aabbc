package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.millrace.transforms.enricher.Enriched.From;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers that a process keeps. Of several that ask for a key at a time, the first one's call answers all. */
final class LookupCache<KeyT, ValueT> {
    private final AsyncLoadingCache<KeyT, Outcome<ValueT>> outcomes;
    private final LookupCounts counts;

    LookupCache(
            CacheSettings settings,
            Function<KeyT, CompletableFuture<Answer<ValueT>>> call,
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
        this.outcomes = caffeine.buildAsync(new Loader<>(call));
        this.counts = counts;
    }

    CompletableFuture<Answer<ValueT>> ask(KeyT key) {
        CompletableFuture<Outcome<ValueT>> kept = outcomes.getIfPresent(key);
        if (kept == null) {
            return outcomes.get(key).thenCompose(Outcome::asFuture);
        }
        if (!kept.isDone()) {
            counts.merged.increment();
            return kept.thenCompose(Outcome::asFuture);
        }
        counts.cacheHits.increment();
        return kept.thenCompose(Outcome::asFuture).thenApply(answer -> answer.from(From.CACHE));
    }

    /** Has the next one who asks for a key ask anew. */
    void forget(KeyT key) {
        outcomes.synchronous().invalidate(key);
    }

    /** What a call came to. A failure is told to those who wait for it, and not kept. */
    private record Outcome<ValueT>(
            @Nullable Answer<ValueT> answer, @Nullable Throwable failure) {

        CompletableFuture<Answer<ValueT>> asFuture() {
            return failure == null
                    ? CompletableFuture.completedFuture(requireNonNull(answer))
                    : CompletableFuture.failedFuture(failure);
        }

        Duration lifetime(CacheSettings settings) {
            if (answer == null) {
                return Duration.ZERO;
            }
            return answer.value() == null ? settings.maxAgeOfMisses() : settings.maxAge();
        }
    }

    /** Calls; where that fails for what is kept, it is kept as it is. */
    private record Loader<KeyT, ValueT>(Function<KeyT, CompletableFuture<Answer<ValueT>>> call)
            implements AsyncCacheLoader<KeyT, Outcome<ValueT>> {

        @Override
        public CompletableFuture<Outcome<ValueT>> asyncLoad(KeyT key, Executor executor) {
            return call.apply(key).handle(Outcome::new);
        }

        @Override
        public CompletableFuture<Outcome<ValueT>> asyncReload(KeyT key, Outcome<ValueT> old, Executor executor) {
            return call.apply(key).thenApply(answer -> new Outcome<>(answer, null));
        }
    }
}
