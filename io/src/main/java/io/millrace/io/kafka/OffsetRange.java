package io.millrace.io.kafka;

/**
 * Offsets of a partition.
 *
 * @param first the first
 * @param end the one behind the last
 */
public record OffsetRange(long first, long end) {}
