package io.millrace.io.bulkhead;

import java.time.Duration;

/** How long the lanes of a task may wait, all together: one that waits uses it up for those after it, which are answered meanwhile. */
final class Allowance {
    private long leftNanos;

    /** Something that can be waited for, as long as it is allowed. */
    interface Waiting {
        boolean until(Duration atMost) throws InterruptedException;
    }

    /** Allows so much from now on. */
    void renew(Duration allowed) {
        leftNanos = allowed.toNanos();
    }

    Duration left() {
        return Duration.ofNanos(leftNanos);
    }

    /** Waits, and says whether what was waited for came to be in time. */
    boolean wait(Waiting waiting) throws InterruptedException {
        long begin = System.nanoTime();
        boolean came = waiting.until(left());
        leftNanos = Math.max(0, leftNanos - (System.nanoTime() - begin));
        return came;
    }
}
