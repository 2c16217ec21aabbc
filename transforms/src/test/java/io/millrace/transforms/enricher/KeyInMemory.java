package io.millrace.transforms.enricher;

import io.millrace.testfixtures.state.MapInMemory;
import io.millrace.testfixtures.state.TimerInMemory;
import io.millrace.testfixtures.state.ValueInMemory;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;

/** An {@link AsOfKey} with state and timers in memory, which a test can look into. A map's entries come in no order. */
final class KeyInMemory {
    private final ValueInMemory<Book> book = new ValueInMemory<>();
    private final ValueInMemory<Version<String>> first = new ValueInMemory<>();
    private final MapInMemory<Moment, Change<String>> later = new MapInMemory<>();
    private final ValueInMemory<Moments> order = new ValueInMemory<>();
    private final MapInMemory<Moment, Slot> slots = new MapInMemory<>();
    private final MapInMemory<Moment, Early<String>> waiting = new MapInMemory<>();
    private final TimerInMemory leave = new TimerInMemory();
    private final TimerInMemory forget = new TimerInMemory();
    private final List<String> left = new ArrayList<>();
    private AsOfKey<String, String> key;
    private int timesForgotten;
    private long watermark = Long.MIN_VALUE / 1000;

    KeyInMemory(long allowedLateness, long timeToLive) {
        key = key(allowedLateness, timeToLive);
    }

    private AsOfKey<String, String> key(long allowedLateness, long timeToLive) {
        return new AsOfKey<>(
                new Lateness(allowedLateness, timeToLive),
                new AsOfMetrics("test"),
                book,
                first,
                later,
                order,
                slots,
                waiting);
    }

    /** A change comes; null is a deletion. */
    void change(long time, long sequence, String value) {
        key.change(new Change<>(value, sequence), time, watermark, forget);
    }

    void element(String name, long time) {
        key.element(name, time, watermark, leave, new Leaving());
    }

    /** The watermark moves, and the timers fire that it has reached; of two of one time, that which forgets first. */
    void watermarkTo(long time) {
        watermark = time;
        while (Math.min(leave.at(), forget.at()) <= watermark) {
            if (forget.at() <= leave.at() && forget.firesBy(watermark)) {
                timesForgotten++;
                key.forget(watermark, forget);
            } else if (leave.firesBy(watermark)) {
                key.leave(watermark, leave, forget, new Leaving());
            }
        }
    }

    /** The job is restored with another setting. */
    void restartWith(long timeToLive) {
        key = key(0, timeToLive);
        restart();
    }

    /** A job that is restored begins with a watermark of its own. */
    void restart() {
        watermark = Long.MIN_VALUE / 1000;
    }

    /** The last watermark. */
    void end() {
        watermarkTo(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
    }

    /** What left, each as {@code name@time value since}, or {@code name@time late}. */
    List<String> left() {
        return left;
    }

    /** At which time the watermark is held; {@code Long.MAX_VALUE} where it is not. */
    long holdsAt() {
        return leave.holdsAt();
    }

    int versions() {
        return later.size() + (first.read() == null ? 0 : 1);
    }

    /** How many values of later versions have been read. */
    int valuesRead() {
        return later.reads();
    }

    /** How often waiting elements have been read. */
    int elementsRead() {
        return waiting.reads();
    }

    /** How often all slots, or all versions, have been listed. */
    int listings() {
        return slots.listings() + later.listings();
    }

    /** How often it was looked what can be forgotten. */
    int timesForgotten() {
        return timesForgotten;
    }

    boolean isEmpty() {
        return book.read() == null
                && first.read() == null
                && later.size() == 0
                && order.read() == null
                && slots.size() == 0
                && waiting.size() == 0;
    }

    private final class Leaving implements OutputReceiver<Settled<String, String>> {
        @Override
        public OutputBuilder<Settled<String, String>> builder(Settled<String, String> settled) {
            return WindowedValues.builder(WindowedValues.valueInGlobalWindow(settled))
                    .setReceiver(value ->
                            left.add(text(value.getValue(), value.getTimestamp().getMillis())));
        }

        private String text(Settled<String, String> settled, long time) {
            Enriched<String, String> enriched = settled.enriched();
            return enriched == null
                    ? settled.failed().input() + "@" + time + " late"
                    : enriched.input() + "@" + time + " " + enriched.value() + " "
                            + enriched.obtainedAt().toEpochMilli();
        }
    }
}
