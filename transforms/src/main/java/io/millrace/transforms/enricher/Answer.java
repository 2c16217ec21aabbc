package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a key.
 *
 * @param value null where there is nothing
 * @param obtainedAt when that was learnt
 * @param from where it is from
 */
record Answer<ValueT>(@Nullable ValueT value, Instant obtainedAt, From from) {

    /** The same, used from somewhere else. */
    Answer<ValueT> from(From from) {
        return new Answer<>(value, obtainedAt, from);
    }

    /** How old it is; a clock that was set back makes nothing younger than new. */
    Duration ageAt(Instant now) {
        Duration age = Duration.between(obtainedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
