package io.millrace.io.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How far the read of one partition has come: what its consumer knows and record offsets alone do not tell.
 *
 * <p>Three threads meet here: KafkaIO's poll thread hands records out and moves the position, which also passes the markers of
 * transactions and the gaps of compaction; its offset thread observes the end of the partition; and the timestamp policy, in the
 * runner's thread, asks whether the partition is finished or caught up, given the last offset it has consumed.
 */
final class PartitionProgress {
    /** No offset, or no time. */
    static final long NONE = -1;

    private final long stopMillis;
    private long stopOffset;
    private long position = NONE;
    private long handedOut = NONE;
    private long end = NONE;
    private long endSeenAt = NONE;
    private boolean finished;

    /** The progress of a partition that ends before an offset and before a record's time, in epoch milliseconds. */
    PartitionProgress(long stopOffset, long stopMillis) {
        this.stopOffset = stopOffset;
        this.stopMillis = stopMillis;
    }

    /** Of the records polled, those to hand out: up to the stop. The position is the consumer's after them, or {@code NONE}. */
    synchronized List<ConsumerRecord<byte[], byte[]>> handOut(
            List<ConsumerRecord<byte[], byte[]>> polled, long position) {
        if (finished) {
            return List.of();
        }
        int kept = countBeforeStop(polled);
        if (kept < polled.size()) {
            stopOffset = Math.min(stopOffset, polled.get(kept).offset());
        }
        if (kept > 0) {
            handedOut = polled.get(kept - 1).offset();
        }
        this.position = position == NONE ? this.position : position;
        return polled.subList(0, kept);
    }

    private int countBeforeStop(List<ConsumerRecord<byte[], byte[]>> polled) {
        int count = 0;
        while (count < polled.size() && isBeforeStop(polled.get(count))) {
            count++;
        }
        return count;
    }

    private boolean isBeforeStop(ConsumerRecord<byte[], byte[]> record) {
        return record.offset() < stopOffset && record.timestamp() < stopMillis;
    }

    /** The partition's end, as asked for at a time in epoch milliseconds. */
    synchronized void observeEnd(long end, long askedAt) {
        this.end = end;
        this.endSeenAt = askedAt;
    }

    /** Whether there is nothing more to fetch. */
    synchronized boolean isExhausted() {
        return finished || position >= stopOffset;
    }

    /** Marks the partition finished: nothing is handed out from now on. */
    synchronized void finish() {
        finished = true;
    }

    /** Whether, with everything up to the given offset consumed, the stop is reached; once finished it stays so. */
    synchronized boolean isFinished(long consumed) {
        if (!finished && consumed >= handedOut) {
            finished = position >= stopOffset || (endSeenAt >= stopMillis && end <= position);
        }
        return finished;
    }

    /**
     * The time, in epoch milliseconds, at which the end was last seen to be consumed; {@code NONE} if there is more to read, or if
     * the end was never seen.
     */
    synchronized long caughtUpAt(long consumed) {
        boolean caughtUp = end != NONE && end <= position && consumed >= handedOut;
        return caughtUp ? endSeenAt : NONE;
    }
}
