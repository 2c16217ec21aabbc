package io.millrace.transforms.enricher;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** An {@link AsOfKey} with state and timers in memory, which a test can look into. A map's entries come in no order. */
final class KeyInMemory {
    private final Value<Book> book = new Value<>();
    private final Value<Version<String>> first = new Value<>();
    private final Entries<Moment, Change<String>> later = new Entries<>();
    private final Value<Moments> order = new Value<>();
    private final Entries<Moment, Slot> slots = new Entries<>();
    private final Entries<Moment, Early<String>> waiting = new Entries<>();
    private final OneTimer leave = new OneTimer();
    private final OneTimer forget = new OneTimer();
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
        while (Math.min(leave.at, forget.at) <= watermark) {
            if (forget.at <= leave.at) {
                forget.at = Long.MAX_VALUE;
                timesForgotten++;
                key.forget(watermark, forget);
            } else {
                leave.at = Long.MAX_VALUE;
                leave.holdsAt = Long.MAX_VALUE;
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
        return leave.holdsAt;
    }

    int versions() {
        return later.entries.size() + (first.value == null ? 0 : 1);
    }

    /** How many values of later versions have been read. */
    int valuesRead() {
        return later.reads;
    }

    /** How often waiting elements have been read. */
    int elementsRead() {
        return waiting.reads;
    }

    /** How often all slots, or all versions, have been listed. */
    int listings() {
        return slots.listings + later.listings;
    }

    /** How often it was looked what can be forgotten. */
    int timesForgotten() {
        return timesForgotten;
    }

    boolean isEmpty() {
        return book.value == null
                && first.value == null
                && later.entries.isEmpty()
                && order.value == null
                && slots.entries.isEmpty()
                && waiting.entries.isEmpty();
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

    private static final class Value<T> implements ValueState<T> {
        private T value;

        @Override
        public void write(T input) {
            value = input;
        }

        @Override
        public T read() {
            return value;
        }

        @Override
        public ValueState<T> readLater() {
            return this;
        }

        @Override
        public void clear() {
            value = null;
        }
    }

    private static final class Entries<K, V> implements MapState<K, V> {
        private final Map<K, V> entries = new HashMap<>();
        private int reads;
        private int listings;

        @Override
        public void put(K key, V value) {
            entries.put(key, value);
        }

        @Override
        public ReadableState<V> computeIfAbsent(K key, Function<? super K, ? extends V> function) {
            return ReadableStates.immediate(entries.computeIfAbsent(key, function));
        }

        @Override
        public void remove(K key) {
            entries.remove(key);
        }

        @Override
        public ReadableState<V> get(K key) {
            reads++;
            return ReadableStates.immediate(entries.get(key));
        }

        @Override
        public ReadableState<V> getOrDefault(K key, V defaultValue) {
            return ReadableStates.immediate(entries.getOrDefault(key, defaultValue));
        }

        @Override
        public ReadableState<Iterable<K>> keys() {
            listings++;
            return ReadableStates.immediate(List.copyOf(entries.keySet()));
        }

        @Override
        public ReadableState<Iterable<V>> values() {
            return ReadableStates.immediate(List.copyOf(entries.values()));
        }

        @Override
        public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
            listings++;
            return ReadableStates.immediate(List.copyOf(entries.entrySet()));
        }

        @Override
        public ReadableState<Boolean> isEmpty() {
            return ReadableStates.immediate(entries.isEmpty());
        }

        @Override
        public void clear() {
            entries.clear();
        }
    }

    private static final class OneTimer implements Timer {
        private long at = Long.MAX_VALUE;
        private long holdsAt = Long.MAX_VALUE;
        private long output = Long.MAX_VALUE;

        @Override
        public void set(Instant absoluteTime) {
            at = absoluteTime.getMillis();
            holdsAt = output;
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
            throw new UnsupportedOperationException();
        }
    }
}
