package io.millrace.benchmarks;

import java.util.stream.DoubleStream;

/** The value in the middle, which a few disturbed measurements do not move. */
public final class Median {
    private Median() {}

    /** The median of values, one or more. */
    public static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
