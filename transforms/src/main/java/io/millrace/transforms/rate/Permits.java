package io.millrace.transforms.rate;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Permits at this process's share of a rate: one after the other in equal steps, with those that were not used for a moment
 * made up for. It begins with none, so that a restart is no way to more. By the Generic Cell Rate Algorithm (ITU-T I.371), with
 * reservation in place of refusal.
 */
public final class Permits {
    /** What is made up for unless there is a reason for another: about as long as the end of a bundle takes. */
    public static final Duration MADE_UP_FOR = Duration.ofMillis(250);

    private static final double NANOS = 1e9;

    private final double perSecond;
    private final long madeUpForNanos;
    private final LongSupplier nanos;
    private double share;
    private long pausedUntil;
    private long next;

    /**
     * @param perSecond the rate of all tasks together; infinite for none
     * @param madeUpFor the longest time whose permits, when they were not used, may be had at once
     */
    public Permits(double perSecond, Duration madeUpFor, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.madeUpForNanos = madeUpFor.toNanos();
        this.nanos = nanos;
        this.pausedUntil = nanos.getAsLong();
        this.next = pausedUntil + Math.round(NANOS / perSecond);
    }

    /** Takes another task's share, or gives it back. */
    public synchronized void addShare(double difference) {
        share += difference;
    }

    /** Reserves a permit, and gives after how many nanoseconds it may be used. */
    public synchronized long reserve() {
        long now = nanos.getAsLong();
        long granted = later(pausedUntil, now - madeUpForNanos);
        if (perSecond != Double.POSITIVE_INFINITY) {
            granted = later(granted, next);
            next = granted + Math.round(NANOS / (perSecond * Math.min(1, share)));
        }
        return Math.max(0, granted - now);
    }

    private static long later(long one, long other) {
        return one - other < 0 ? other : one;
    }

    /** Whether a permit that was reserved may be used now; not in a pause that has begun since. */
    public synchronized boolean isPaused() {
        return nanos.getAsLong() - pausedUntil < 0;
    }

    /** Gives none for a while. */
    public synchronized void pause(Duration pause) {
        long until = nanos.getAsLong() + pause.toNanos();
        pausedUntil = later(pausedUntil, until);
    }
}
