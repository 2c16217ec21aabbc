package io.millrace.io.source;

/**
 * Offsets of a partition.
 *
 * @param first the first
 * @param end the one behind the last
 */
public record OffsetRange(long first, long end) {

    /** Whether an offset is one of these. */
    public boolean has(long offset) {
        return first <= offset && offset < end;
    }
}
