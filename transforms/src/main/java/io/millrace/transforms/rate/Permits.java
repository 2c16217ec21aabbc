package io.millrace.transforms.rate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Permits at this process's share of a rate: one after the other in equal steps, with those that were not used for a moment
 * made up for. It begins with none, so that a restart is no way to more. By the Generic Cell Rate Algorithm (ITU-T I.371), with
 * reservation in place of refusal.
 *
 * <p><i>Guarantee</i>: of the permits that are used no later than {@code madeUpFor} after they might have been there are, in any time
 * {@code t}, at most as many as the process's share has in {@code t + madeUpFor}, and one. {@link #acquire} gives no others.
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
    private long last;

    /**
     * @param perSecond the rate of all tasks together; infinite for none
     * @param madeUpFor the longest time whose permits, when they were not used, may be had at once
     */
    public Permits(double perSecond, Duration madeUpFor, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.madeUpForNanos = madeUpFor.toNanos();
        this.nanos = nanos;
        this.pausedUntil = nanos.getAsLong();
        this.last = pausedUntil;
    }

    /** Takes another task's share, or gives it back. */
    public synchronized void addShare(double difference) {
        share += difference;
    }

    /** Reserves a permit, and gives after how many nanoseconds it may be used. */
    public synchronized long reserve() {
        return Math.max(0, reserveFrom() - nanos.getAsLong());
    }

    /** Reserves a permit, and gives from when on it may be used. */
    private synchronized long reserveFrom() {
        long granted = later(pausedUntil, nanos.getAsLong() - madeUpForNanos);
        if (perSecond != Double.POSITIVE_INFINITY) {
            granted = later(granted, last + Math.round(NANOS / (perSecond * Math.min(1, share))));
            last = granted;
        }
        return granted;
    }

    private static long later(long one, long other) {
        return one - other < 0 ? other : one;
    }

    /** Returns when a permit may be used. */
    public void acquire() throws InterruptedException {
        acquire(Permits::await);
    }

    private static void await(long nanos) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Who wakes too late reserves again: after a halt of the process all who waited in it would go at once. */
    void acquire(Waiting waiting) throws InterruptedException {
        long from = reserveFrom();
        long wait = from - nanos.getAsLong();
        while (wait > 0) {
            waiting.await(wait);
            from = isUsable(from) ? from : reserveFrom();
            wait = from - nanos.getAsLong();
        }
    }

    /** Whether a permit that was waited for is still good: not too old, and not in a pause that has begun since. */
    private synchronized boolean isUsable(long from) {
        return !isPaused() && nanos.getAsLong() - from <= madeUpForNanos;
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

    /** What waits: a thread, or a clock's that stands in for it. */
    interface Waiting {
        void await(long nanos) throws InterruptedException;
    }
}
