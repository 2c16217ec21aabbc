package io.millrace.testfixtures.historyserver;

import java.util.concurrent.TimeUnit;

/** Lets so many calls pass within any second. */
final class Rate {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long[] passedAt;
    private long passed;

    Rate(int callsPerSecond) {
        passedAt = new long[callsPerSecond];
    }

    /** Whether a call is one too many; if it is not, it passes. */
    boolean isExceeded(long nanos) {
        int oldest = (int) (passed % passedAt.length);
        if (passed >= passedAt.length && nanos - passedAt[oldest] < SECOND) {
            return true;
        }
        passedAt[oldest] = nanos;
        passed++;
        return false;
    }
}
