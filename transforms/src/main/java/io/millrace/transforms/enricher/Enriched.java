package io.millrace.transforms.enricher;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An element, and what was looked up for it.
 *
 * @param input the element
 * @param value what there is of its key; null where there is nothing
 * @param obtainedAt when the answer came; of a table, when its load began; of a changelog, since when the value holds
 * @param age from then until it was used for this element; of a changelog, until the element's time
 * @param from where it is from
 */
public record Enriched<InputT, ValueT>(
        InputT input, @Nullable ValueT value, Instant obtainedAt, Duration age, From from) {

    /** Where a value can be from. The ordinals are part of the encoding. */
    public enum From {
        /** A call that was made for this element, or for another of the same key that came shortly before. */
        CALL,
        /** What the process kept of an earlier call. */
        CACHE,
        /** The default for what there is nothing of. */
        DEFAULT,
        /** A table that is held in memory. */
        TABLE,
        /** A changelog, as of the element's time. */
        CHANGELOG
    }
}
