package io.millrace.transforms.joiner;

import io.millrace.transforms.joiner.Joined.Stage;
import io.millrace.transforms.joiner.Trace.Step;
import io.millrace.transforms.shard.KeyBytes;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** What leaves of a key: to the outputs, with the key; and what becomes of it to the traces, where the key is traced. */
final class Leaving<KeyT, LeftT, RightT, LeftOutT, RightOutT> implements Pairing.Outcome<LeftOutT, RightOutT> {
    private final Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT> outlets;
    private final KeyBytes bytes;
    private final long watermark;
    private final MultiOutputReceiver out;
    private final boolean isTraced;
    private @Nullable KeyT decoded;
    private @Nullable Instant at;

    Leaving(
            Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT> outlets,
            KeyBytes bytes,
            long watermark,
            MultiOutputReceiver out) {
        this.outlets = outlets;
        this.bytes = bytes;
        this.watermark = watermark;
        this.out = out;
        this.isTraced = outlets.traced().has(bytes);
    }

    private KeyT key() {
        if (decoded == null) {
            decoded = outlets.decoded(bytes);
        }
        return decoded;
    }

    @Override
    public void joined(Joined<LeftOutT, RightOutT> joined, long time, List<Entry> lefts) {
        if (joined.stage() == Stage.CORRECTION || joined.stage() == Stage.RETRACTION) {
            outlets.metrics().countCorrection();
        }
        out.get(outlets.tags().joined()).outputWithTimestamp(KV.of(key(), joined), Instant.ofEpochMilli(time));
        if (isTraced) {
            List<Instant> times = lefts.stream()
                    .map(left -> Instant.ofEpochMilli(left.time()))
                    .toList();
            trace(Step.of(joined.stage()), Side.RIGHT, time, "", 0, times);
        }
    }

    @Override
    public void unmatchedLeft(LeftOutT value, long time, long passedAt) {
        TimestampedValue<LeftOutT> timed = TimestampedValue.of(value, Instant.ofEpochMilli(time));
        out.get(outlets.tags().unmatchedLeft())
                .outputWithTimestamp(KV.of(key(), timed), Instant.ofEpochMilli(passedAt));
        traceIfTraced(Step.UNMATCHED, Side.LEFT, time);
    }

    @Override
    public void unmatchedRight(RightOutT value, long time) {
        out.get(outlets.tags().unmatchedRight()).outputWithTimestamp(KV.of(key(), value), Instant.ofEpochMilli(time));
        traceIfTraced(Step.UNMATCHED, Side.RIGHT, time);
    }

    @Override
    public void forgotten(Entry left) {
        traceIfTraced(Step.FORGOTTEN, Side.LEFT, left.time());
    }

    @Override
    public void duplicate(Entry entry) {
        outlets.metrics().countDuplicate();
        traceIfTraced(Step.DUPLICATE, entry.side(), entry.time());
    }

    void refused(Refused<LeftT, RightT> refused, long time) {
        outlets.metrics().countRefused(refused.reason());
        out.get(outlets.tags().deadLetters()).outputWithTimestamp(KV.of(key(), refused), Instant.ofEpochMilli(time));
    }

    boolean isTraced() {
        return isTraced;
    }

    /** An element came. */
    void trace(Step step, Side side, long time, String id, int keptBytes) {
        trace(step, side, time, id, keptBytes, List.of());
    }

    private void traceIfTraced(Step step, Side side, long time) {
        if (isTraced) {
            trace(step, side, time, "", 0, List.of());
        }
    }

    private void trace(Step step, Side side, long time, String id, int keptBytes, List<Instant> lefts) {
        if (at == null) {
            at = Instant.ofEpochMilli(outlets.clock().millis()); // what comes of an element is of one moment with it
        }
        Instant eventTime = Instant.ofEpochMilli(time);
        Trace trace = new Trace(step, side, eventTime, id, keptBytes, lefts, Instant.ofEpochMilli(watermark), at);
        Instant told = Instant.ofEpochMilli(Math.max(time, Math.min(watermark, Bounds.LATEST)));
        out.get(outlets.tags().traces()).outputWithTimestamp(KV.of(key(), trace), told);
    }
}
