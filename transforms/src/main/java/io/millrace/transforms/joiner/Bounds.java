package io.millrace.transforms.joiner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.math.LongMath;
import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * Which elements of a key belong together, by their times alone, in milliseconds.
 *
 * @param leftFirst how long before a right one a left one may be
 * @param rightFirst how long after a right one a left one may be
 * @param allowedLateness how far behind the watermark either may come
 * @param leftGranule left ones of such a span of time may become one entry; 0 for none
 * @param rightGranule right ones of such a span of time are one; 0 for none
 */
record Bounds(long leftFirst, long rightFirst, long allowedLateness, long leftGranule, long rightGranule)
        implements Serializable {

    static final long NEVER = Long.MAX_VALUE;

    /** Bounds up to this have few times anyway. */
    private static final long FEW_TIMES = Duration.ofMinutes(5).toMillis();

    static final Duration LONGEST = Duration.ofDays(36_500);

    /** The watermark that there is before the first one. */
    static final long EARLIEST = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

    /** The last time at which a timer fires. */
    static final long LATEST = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    /** A bound that a user gave, which can be reckoned with. */
    static Duration checked(String name, Duration bound) {
        checkArgument(!bound.isNegative(), "%s must not be negative, but was %s", name, bound);
        checkArgument(bound.compareTo(LONGEST) <= 0, "%s must be at most %s, but was %s", name, LONGEST, bound);
        return bound;
    }

    /** The earliest time that an element may still have that comes now. */
    long horizon(long watermark) {
        return watermark >= LATEST ? NEVER : LongMath.saturatedSubtract(watermark, allowedLateness);
    }

    /** Whether a left one is neither too early for a right one nor too late. */
    boolean pairs(long left, long right) {
        return left <= LongMath.saturatedAdd(right, rightFirst) && reaches(left) >= right;
    }

    /** The last time of a right one that a left one can be given to. */
    long reaches(long left) {
        return LongMath.saturatedAdd(leftGranuleOf(left), leftFirst);
    }

    /** Whether all left ones are known that a right one can be given, and all right ones that are one with it. */
    boolean isComplete(long right, long horizon) {
        return horizon > completeWith(right);
    }

    /** The watermark with which a right one is complete. */
    long completeAt(long right) {
        return atWatermark(completeWith(right));
    }

    private long completeWith(long right) {
        return LongMath.saturatedAdd(lastOfRightGranule(right), rightFirst);
    }

    /**
     * The watermark with which it is looked whether a left one is past: that with which no right one can come any more for it. Of long bounds
     * it is a 64th of them later at most, so that there are few such times.
     */
    long forgottenAt(long left) {
        long past = atWatermark(reaches(left));
        return leftFirst <= FEW_TIMES ? past : Math.min(LATEST, nextMultiple(past, shortSpan()));
    }

    /** What is little beside the bounds. */
    long shortSpan() {
        return leftFirst / 64;
    }

    private static long nextMultiple(long time, long of) {
        return -Math.floorDiv(-time, of) * of;
    }

    private long atWatermark(long passed) {
        return Math.min(LATEST, LongMath.saturatedAdd(passed, LongMath.saturatedAdd(allowedLateness, 1)));
    }

    /** Whether no right one waits or can come any more that one left one of a granule can be given to, and another cannot. */
    boolean isSealed(long left, long horizon) {
        long end = LongMath.saturatedAdd(leftGranuleOf(left), leftGranule);
        return leftGranule > 0
                && horizon >= LongMath.saturatedAdd(end, LongMath.saturatedAdd(rightFirst, rightGranule));
    }

    /** The granule of a left one, by its first moment; without granules, its time. */
    long leftGranuleOf(long left) {
        return leftGranule == 0 ? left : Math.floorDiv(left, leftGranule) * leftGranule;
    }

    /** The granule of a right one, by its first moment; without granules, its time. */
    long rightGranuleOf(long right) {
        return rightGranule == 0 ? right : Math.floorDiv(right, rightGranule) * rightGranule;
    }

    private long lastOfRightGranule(long right) {
        return rightGranule == 0 ? right : rightGranuleOf(right) + rightGranule - 1;
    }
}
