package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;

/**
 * The watermark of one partition, in epoch milliseconds: so far behind the newest event time as events may come out of order, and
 * so far behind the clock once the partition has been idle for long enough. It never goes back.
 */
final class PartitionWatermark {
    /** An event time lies at or before this: what is later says that a source has ended. */
    static final long LATEST = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    /** Longer without a look at the partition's end, as while the broker does not answer, and idleness begins anew. */
    static final long MAX_GAP_MILLIS = 5_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final long outOfOrderMillis;
    private final long idleMillis;
    private long watermark;
    private long idleSince = NEVER;
    private long lastLook = NEVER;

    PartitionWatermark(EventTimes times, long previous) {
        this.outOfOrderMillis = times.maxOutOfOrderness().toMillis();
        this.idleMillis =
                times.idleAfter() == null ? Long.MAX_VALUE : times.idleAfter().toMillis();
        this.watermark = previous;
    }

    /** The watermark now. */
    long millis() {
        return watermark;
    }

    /** An event was read. */
    void sawEvent(long eventTime) {
        advanceTo(eventTime);
        idleSince = NEVER;
    }

    /** There is more to read. */
    void isBehind() {
        idleSince = NEVER;
    }

    /** There was nothing more to read when the partition's end was asked for at the given time. */
    void wasCaughtUpAt(long lookedAt) {
        if (idleSince == NEVER || lookedAt - lastLook > MAX_GAP_MILLIS) {
            idleSince = lookedAt;
        }
        lastLook = lookedAt;
        if (lookedAt - idleSince >= idleMillis) {
            advanceTo(lookedAt);
        }
    }

    private void advanceTo(long time) {
        long behind = Math.min(time, LATEST) - outOfOrderMillis;
        watermark = Math.max(watermark, Math.max(behind, BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()));
    }
}
