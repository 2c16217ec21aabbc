package io.millrace.testfixtures.events;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws a rank of which the first is the most frequent and the n-th {@code n^skew} times rarer. */
public final class Zipf {

    private final double[] cumulated;

    /** So many ranks, from 0. */
    public Zipf(int ranks, double skew) {
        cumulated = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1 / StrictMath.pow(rank + 1, skew);
            cumulated[rank] = sum;
        }
    }

    /** A rank. */
    public int draw(SplittableRandom random) {
        double at = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, at);
        return found < 0 ? Math.min(-found - 1, cumulated.length - 1) : found;
    }
}
