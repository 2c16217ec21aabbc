package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a process keeps of answers, and for how long.
 *
 * @param maxEntries how many keys at most; those that are asked for least go first
 * @param maxAge how old a value may be where it is used, since its answer came: an older one never is
 * @param refreshAfter the age from which a value that is asked for is looked up again beside, while it is still used; null for not at all
 * @param maxAgeOfMisses for how long the answer is kept that there is no value
 */
public record CacheSettings(
        int maxEntries, Duration maxAge, @Nullable Duration refreshAfter, Duration maxAgeOfMisses)
        implements Serializable {

    public CacheSettings {
        checkArgument(maxEntries >= 1, "maxEntries must be at least 1, but was %s", maxEntries);
        checkArgument(maxAge.toMillis() > 0, "maxAge must be at least a millisecond, but was %s", maxAge);
        checkArgument(
                refreshAfter == null || refreshAfter.toMillis() > 0 && refreshAfter.compareTo(maxAge) < 0,
                "refreshAfter must be positive and shorter than maxAge, but was %s and %s",
                refreshAfter,
                maxAge);
        checkArgument(!maxAgeOfMisses.isNegative(), "maxAgeOfMisses must not be negative, but was %s", maxAgeOfMisses);
    }

    /** Keeps so many keys for so long, misses for as long as values. */
    public static CacheSettings of(int maxEntries, Duration maxAge) {
        return new CacheSettings(maxEntries, maxAge, null, maxAge);
    }

    /** The same, with values looked up again beside from an age on. */
    public CacheSettings withRefreshAfter(@Nullable Duration refreshAfter) {
        return new CacheSettings(maxEntries, maxAge, refreshAfter, maxAgeOfMisses);
    }

    /** The same, with another age for misses; zero not to keep them. */
    public CacheSettings withMaxAgeOfMisses(Duration maxAgeOfMisses) {
        return new CacheSettings(maxEntries, maxAge, refreshAfter, maxAgeOfMisses);
    }

    /** How old an answer that there is no value may be where it is used: it may have waited behind others as long as a value. */
    Duration longest() {
        return maxAge.compareTo(maxAgeOfMisses) < 0 ? maxAgeOfMisses : maxAge;
    }
}
