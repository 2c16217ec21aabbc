package io.millrace.benchmarks.race;

import java.util.Arrays;
import java.util.stream.LongStream;

/** End-to-end latencies, counted by the millisecond. */
public final class Latency {
    private static final int LONGEST_MILLIS = 120_000;

    private final long[] counts = new long[LONGEST_MILLIS + 1];

    /** Counts one. */
    public void add(long millis) {
        counts[(int) Math.max(0, Math.min(millis, LONGEST_MILLIS))]++;
    }

    /** Forgets what was counted so far. */
    public void clear() {
        Arrays.fill(counts, 0);
    }

    /** How many were counted. */
    public long count() {
        return LongStream.of(counts).sum();
    }

    /** The latency that a share of the results did not exceed, in milliseconds. */
    public int percentile(double share) {
        long wanted = (long) Math.ceil(count() * share);
        long seen = 0;
        for (int millis = 0; millis <= LONGEST_MILLIS; millis++) {
            seen += counts[millis];
            if (seen >= wanted) {
                return millis;
            }
        }
        return LONGEST_MILLIS;
    }
}
