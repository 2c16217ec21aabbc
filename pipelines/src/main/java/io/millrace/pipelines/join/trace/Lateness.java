package io.millrace.pipelines.join.trace;

import io.millrace.transforms.joiner.Trace;
import java.util.Arrays;
import java.util.List;

/**
 * How far behind the watermark events came, of those that met one that stood at a time.
 *
 * @param events how many these are
 * @param behind how many of them were behind it
 * @param ofMost how far 99 % of them were behind it at most, in milliseconds
 * @param most how far the last one was
 * @param ahead where none was behind it, how far the nearest was ahead of it
 */
public record Lateness(long events, long behind, long ofMost, long most, long ahead) {
    private static final double MOST = 0.99;

    static Lateness of(List<Trace> arrivals) {
        long[] behind = arrivals.stream()
                .mapToLong(one -> one.watermark().getMillis() - one.time().getMillis())
                .sorted()
                .toArray();
        if (behind.length == 0) {
            return new Lateness(0, 0, 0, 0, 0);
        }
        long last = behind[behind.length - 1];
        long number = Arrays.stream(behind).filter(one -> one > 0).count();
        long ofMost = behind[(int) Math.ceil(MOST * behind.length) - 1];
        return new Lateness(behind.length, number, Math.max(0, ofMost), Math.max(0, last), Math.max(0, -last));
    }
}
