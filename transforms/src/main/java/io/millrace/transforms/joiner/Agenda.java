package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.joiner.Calendar.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When which keys of a shard are to be looked through: slots of half a second, of which a calendar says which there are, and one timer for all.
 *
 * <p>What is added is written when all of a batch is, by {@link #close()}.
 */
final class Agenda {
    private static final int SLOT_BITS = 9;

    private final ValueState<Calendar> kept;
    private final MapState<Long, Dues> slots;
    private final Timer timer;
    private final Map<Long, List<Due>> added = new HashMap<>();
    private @Nullable Calendar calendar;
    private boolean isTimerDone;

    Agenda(ValueState<Calendar> kept, MapState<Long, Dues> slots, Timer timer) {
        this.kept = kept;
        this.slots = slots;
        this.timer = timer;
    }

    static long start(long slot) {
        return slot << SLOT_BITS;
    }

    /** Has a key looked through then. */
    void add(Due due) {
        added.computeIfAbsent(due.at() >> SLOT_BITS, slot -> new ArrayList<>()).add(due);
    }

    /** The timer has fired: takes out the keys that are due. */
    Collection<KeyBytes> due(long watermark) {
        isTimerDone = true;
        Collection<KeyBytes> keys = new LinkedHashSet<>();
        NavigableMap<Long, Slot> reached = calendar().slots().headMap(watermark >> SLOT_BITS, true);
        for (Long slot : List.copyOf(reached.keySet())) {
            if (requireNonNull(reached.get(slot)).earliest() <= watermark) {
                takeOut(slot, watermark, keys);
            }
        }
        return keys;
    }

    private void takeOut(Long slot, long watermark, Collection<KeyBytes> keys) {
        calendar().slots().remove(slot);
        Dues dues = requireNonNull(slots.get(slot).read());
        slots.remove(slot);
        for (Due due : dues.all(start(slot))) {
            if (due.at() <= watermark) {
                keys.add(due.key());
            } else {
                add(due);
            }
        }
    }

    private Calendar calendar() {
        if (calendar == null) {
            Calendar read = kept.read();
            calendar = read == null
                    ? Calendar.empty()
                    : new Calendar(new TreeMap<>(read.slots()), read.timerAt(), read.timerHolds());
        }
        return calendar;
    }

    /** Writes what was added, and sets the timer where it has to fire earlier, or to hold the watermark at an earlier time. */
    void close() {
        if (added.isEmpty() && !isTimerDone) {
            return;
        }
        Calendar now = calendar();
        added.forEach((slot, dues) -> write(slot, dues, now.slots()));
        if (now.slots().isEmpty()) {
            kept.clear();
        } else {
            kept.write(withTimer(now));
        }
    }

    private void write(Long slot, List<Due> dues, NavigableMap<Long, Slot> all) {
        Slot known = all.get(slot);
        Dues there = known == null ? Dues.NONE : requireNonNull(slots.get(slot).read());
        slots.put(slot, there.with(dues, start(slot)));
        Slot then = known == null ? new Slot(Bounds.NEVER, Bounds.NEVER) : known;
        for (Due due : dues) {
            then = then.and(due);
        }
        all.put(slot, then);
    }

    private Calendar withTimer(Calendar now) {
        long at = now.slots().firstEntry().getValue().earliest();
        long holds = Bounds.NEVER;
        for (Slot slot : now.slots().values()) {
            holds = Math.min(holds, slot.holds());
        }
        if (!isTimerDone && now.timerAt() <= at && now.timerHolds() <= Math.min(at, holds)) {
            return now;
        }
        timer.withOutputTimestamp(Instant.ofEpochMilli(Math.min(at, holds))).set(Instant.ofEpochMilli(at));
        return new Calendar(now.slots(), at, Math.min(at, holds));
    }
}
