package io.millrace.transforms.enricher;

import java.time.Instant;

/**
 * A table that a process holds.
 *
 * @param table the table
 * @param version its version, or {@link LookupTable.Source#UNKNOWN}
 * @param loadedAt when the load of it began
 */
public record Held<KeyT, ValueT>(LookupTable<KeyT, ValueT> table, String version, Instant loadedAt) {

    /** How old it is, in milliseconds; a clock that was set back makes nothing younger than new. */
    public long ageMillisAt(long now) {
        return Math.max(0, now - loadedAt.toEpochMilli());
    }
}
