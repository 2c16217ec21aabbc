package io.millrace.testfixtures.state;

import org.apache.beam.sdk.state.Timer;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** A timer of event time, for one key, as Flink's runner has it: what is cleared fires all the same, and so it cannot be cleared. */
public final class TimerInMemory implements Timer {
    private long at = Long.MAX_VALUE;
    private long holdsAt = Long.MAX_VALUE;
    private @Nullable Long output;
    private int timesSet;
    private long watermark = Long.MIN_VALUE;

    /** When it fires; {@code Long.MAX_VALUE} where it is not set. */
    public long at() {
        return at;
    }

    /** At which time it holds the watermark; {@code Long.MAX_VALUE} where it does not. */
    public long holdsAt() {
        return holdsAt;
    }

    /** How often it has been set. */
    public int timesSet() {
        return timesSet;
    }

    /** Whether it fires with this watermark; then it is set no longer. */
    public boolean firesBy(long watermark) {
        if (at > watermark) {
            return false;
        }
        at = Long.MAX_VALUE;
        holdsAt = Long.MAX_VALUE;
        return true;
    }

    /** Tells what is the watermark. */
    public void watermarkTo(long time) {
        watermark = time;
    }

    @Override
    public void set(Instant absoluteTime) {
        at = absoluteTime.getMillis();
        holdsAt = output == null ? at : output;
        output = null;
        timesSet++;
    }

    @Override
    public Timer withOutputTimestamp(Instant outputTime) {
        output = outputTime.getMillis();
        return this;
    }

    @Override
    public Timer withNoOutputTimestamp() {
        output = Long.MAX_VALUE;
        return this;
    }

    @Override
    public void setRelative() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timer offset(Duration offset) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Timer align(Duration period) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant getCurrentRelativeTime() {
        return Instant.ofEpochMilli(watermark);
    }
}
