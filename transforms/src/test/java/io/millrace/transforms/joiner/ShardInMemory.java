package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import io.millrace.testfixtures.state.MapInMemory;
import io.millrace.testfixtures.state.TimerInMemory;
import io.millrace.testfixtures.state.ValueInMemory;
import io.millrace.transforms.shard.KeyBytes;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/** The state and the timer of a shard in memory, which a test can look into, with the keys that are in it. */
final class ShardInMemory {
    private final Map<KeyBytes, JoinKeyInMemory> keys = new HashMap<>();
    private final MapInMemory<KeyBytes, byte[]> pages = new MapInMemory<>();
    private final MapInMemory<PageNumber, Entries> earlier = new MapInMemory<>();
    private final ValueInMemory<Calendar> calendar = new ValueInMemory<>();
    private final MapInMemory<SlotPage, Dues> dues = new MapInMemory<>();
    private final TimerInMemory timer = new TimerInMemory();
    private long watermark = Long.MIN_VALUE / 1000;
    private long watermarkBehind = Long.MIN_VALUE / 1000;

    void add(KeyBytes bytes, JoinKeyInMemory key) {
        keys.put(bytes, key);
    }

    /** Does something with a key, as a batch of one element does. */
    <T> T with(KeyBytes key, Function<JoinKey.KeyState, T> step) {
        return inBatch((shelf, agenda) -> step.apply(new JoinKey.KeyState(key, shelf, agenda, watermark)));
    }

    private <T> T inBatch(BiFunction<Shelf, Agenda, T> steps) {
        Shelf shelf = new Shelf(pages, earlier);
        Agenda agenda = new Agenda(calendar, dues, timer, watermark);
        T result = steps.apply(shelf, agenda);
        shelf.close();
        agenda.close();
        return result;
    }

    /** The watermark moves, and the timer fires if it has reached it. */
    void watermarkTo(long time) {
        watermark = time;
        passOnWatermark();
        while (timer.firesBy(watermark)) {
            inBatch((shelf, agenda) -> {
                for (KeyBytes due : agenda.due()) {
                    requireNonNull(keys.get(due)).lookThrough(new JoinKey.KeyState(due, shelf, agenda, watermark));
                }
                return true;
            });
            passOnWatermark();
        }
    }

    private void passOnWatermark() {
        watermarkBehind = Math.max(watermarkBehind, Math.min(watermark, timer.holdsAt()));
    }

    /** The last watermark. */
    void end() {
        watermarkTo(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
    }

    /** A job that is restored begins with a watermark of its own. */
    void restart() {
        watermark = Long.MIN_VALUE / 1000;
    }

    /** The watermark that a step behind has seen. */
    long watermarkBehind() {
        return watermarkBehind;
    }

    /** At which time the watermark is held. */
    long holdsAt() {
        return timer.holdsAt();
    }

    int timersSet() {
        return timer.timesSet();
    }

    /** How many earlier pages have been read. */
    int pagesRead() {
        return earlier.reads();
    }

    /** How many entries are kept of a key. */
    int entries(KeyBytes key) {
        byte[] page = pages.get(key).read();
        return page == null ? 0 : Page.of(page).count();
    }

    /** Whether nothing is kept, and no timer waits. */
    boolean isEmpty() {
        return pages.size() == 0
                && earlier.size() == 0
                && calendar.read() == null
                && dues.size() == 0
                && timer.at() == Long.MAX_VALUE;
    }
}
