package io.millrace.transforms.enricher;

import com.google.common.math.LongMath;
import java.io.Serializable;

/**
 * How late elements may be, and how long values hold, in milliseconds.
 *
 * @param allowed how far behind the watermark an element may be
 * @param timeToLive for how long a value holds that is not renewed; {@link #FOREVER} for always
 */
record Lateness(long allowed, long timeToLive) implements Serializable {
    static final long FOREVER = Long.MAX_VALUE;

    /** The earliest time at which an element that comes now is not too late. */
    long horizon(long watermark) {
        return LongMath.saturatedSubtract(watermark, allowed);
    }

    /** The last time at which a version's value holds, if no other takes its place. */
    long holdsUntil(Version<?> version) {
        if (version.value() == null) {
            return version.since().time() - 1;
        }
        return timeToLive == FOREVER
                ? FOREVER
                : LongMath.saturatedAdd(version.since().time(), timeToLive);
    }

    /** When the watermark is so far that no element can be of this time any more, or of one before. */
    long passedAt(long time) {
        return LongMath.saturatedAdd(time, LongMath.saturatedAdd(allowed, 1));
    }
}
