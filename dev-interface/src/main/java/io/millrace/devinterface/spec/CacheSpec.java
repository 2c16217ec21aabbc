package io.millrace.devinterface.spec;

import static java.util.Objects.requireNonNullElse;

import io.millrace.io.config.Setting;
import io.millrace.transforms.enricher.CacheSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a process keeps of answers, see {@link CacheSettings}. */
public record CacheSpec(
        @Setting(value = "How old a value may be where it is used: an older one never is.", example = "PT10M")
        Duration maxAge,

        @Setting(value = "How many keys at most; those that are asked for least go first.", byDefault = "100000")
        @Between(least = 1, most = Integer.MAX_VALUE)
        int maxEntries,

        @Setting(
                value =
                        "The age from which a value that is asked for is looked up again beside, while it is still used. Without it, it"
                                + " is looked up again when it is too old.",
                example = "PT5M")
        @Nullable Duration refreshAfter,

        @Setting(
                value =
                        "For how long the answer is kept that there is nothing of a key; PT0S not to keep it. Without it, as long as"
                                + " values. One that waits for the answers of events before it may be used later, up to maxAge.",
                example = "PT30S")
        @Nullable Duration maxAgeOfMisses) {

    public CacheSpec {
        settings(maxAge, maxEntries, refreshAfter, maxAgeOfMisses);
    }

    /** What a process keeps to. */
    public CacheSettings settings() {
        return settings(maxAge, maxEntries, refreshAfter, maxAgeOfMisses);
    }

    private static CacheSettings settings(
            Duration maxAge, int maxEntries, @Nullable Duration refreshAfter, @Nullable Duration maxAgeOfMisses) {
        return new CacheSettings(maxEntries, maxAge, refreshAfter, requireNonNullElse(maxAgeOfMisses, maxAge));
    }
}
