package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import com.google.common.math.LongMath;
import io.millrace.transforms.joiner.Calendar.Slot;
import io.millrace.transforms.shard.KeyBytes;
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
 * When which keys of a shard are to be looked through: slots of time, of which a calendar says which there are, and one timer for all.
 *
 * <p>The further a slot is ahead the longer it is, from half a second on, 32 times as long on each level; so there are at most some
 * hundred, however long keys wait. When the first key of a long slot is due, the others of it go into shorter ones. A slot's id is
 * the time at which it begins, with its level in the lowest bits.
 *
 * <p>What is added is written when all of a batch is, by {@link #close()}.
 *
 * @see <a href="https://doi.org/10.1145/37499.37504">G. Varghese, T. Lauck: Hashed and hierarchical timing wheels</a>
 */
final class Agenda {
    private static final int SHORTEST_BITS = 9; // 512 ms
    private static final int LEVEL_BITS = 5;
    private static final int LEVELS = 6;
    private static final int SLOTS_OF_LEVEL_BITS = 6;
    private static final int LEVEL_OF_UNKNOWN_DISTANCE = 1;
    private static final int PAGE_BYTES = 4096;

    private final ValueState<Calendar> kept;
    private final MapState<SlotPage, Dues> pages;
    private final Timer timer;
    private final long watermark;
    private final Map<Long, List<Due>> added = new HashMap<>();
    private @Nullable Calendar calendar;
    private boolean hasFired;

    Agenda(ValueState<Calendar> kept, MapState<SlotPage, Dues> pages, Timer timer, long watermark) {
        this.kept = kept;
        this.pages = pages;
        this.timer = timer;
        this.watermark = watermark;
    }

    /** Has a key looked through then. */
    void add(Due due) {
        added.computeIfAbsent(slot(due.at()), slot -> new ArrayList<>()).add(due);
    }

    private long slot(long at) {
        int level = level(at);
        int bits = SHORTEST_BITS + level * LEVEL_BITS;
        return (at >> bits << bits) + level;
    }

    private int level(long at) {
        long distance = LongMath.saturatedSubtract(at, watermark);
        if (watermark <= Bounds.EARLIEST) {
            return LEVEL_OF_UNKNOWN_DISTANCE;
        }
        int level = 0;
        while (level < LEVELS - 1 && distance >> (SHORTEST_BITS + level * LEVEL_BITS + SLOTS_OF_LEVEL_BITS) > 0) {
            level++;
        }
        return level;
    }

    /** The timer has fired: takes out the keys that are due. */
    Collection<KeyBytes> due() {
        hasFired = true;
        Collection<KeyBytes> keys = new LinkedHashSet<>();
        NavigableMap<Long, Slot> reached = calendar().slots().headMap(LongMath.saturatedAdd(watermark, LEVELS), false);
        for (Map.Entry<Long, Slot> slot : new TreeMap<>(reached).entrySet()) {
            if (slot.getValue().earliest() <= watermark) {
                takeOut(slot.getKey(), slot.getValue(), keys);
            }
        }
        return keys;
    }

    private void takeOut(Long slot, Slot known, Collection<KeyBytes> keys) {
        calendar().slots().remove(slot);
        for (int number = 0; number < known.pages(); number++) {
            SlotPage page = new SlotPage(slot, number);
            Dues dues = requireNonNull(pages.get(page).read());
            pages.remove(page);
            for (Due due : dues.all(slot)) {
                if (due.at() <= watermark) {
                    keys.add(due.key());
                } else {
                    add(due);
                }
            }
        }
    }

    /** State on the heap gives out what it keeps: the calendar in use is a copy. */
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
        if (added.isEmpty() && !hasFired) {
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
        Slot then = all.getOrDefault(slot, Slot.EMPTY);
        boolean isNewPage = then.pages() == 0 || then.lastBytes() >= PAGE_BYTES;
        SlotPage page = new SlotPage(slot, isNewPage ? then.pages() : then.pages() - 1);
        Dues before = isNewPage ? Dues.NONE : requireNonNull(pages.get(page).read());
        Dues after = before.with(dues, slot);
        pages.put(page, after);
        for (Due due : dues) {
            then = then.and(due);
        }
        all.put(slot, then.withPages(page.number() + 1, after.bytes().length));
    }

    private Calendar withTimer(Calendar now) {
        long at = Bounds.NEVER;
        long holds = Bounds.NEVER;
        for (Slot slot : now.slots().values()) {
            at = Math.min(at, slot.earliest());
            holds = Math.min(holds, slot.holds());
        }
        holds = Math.min(at, holds);
        if (!hasFired && now.timerAt() <= at && now.timerHolds() <= holds) {
            return now;
        }
        timer.withOutputTimestamp(Instant.ofEpochMilli(holds)).set(Instant.ofEpochMilli(at));
        return new Calendar(now.slots(), at, holds);
    }
}
