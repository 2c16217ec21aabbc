package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * The slots of time in which keys of a shard are to be looked through, and when the timer fires that sees to it.
 *
 * @param slots by their ids, see {@link Agenda}
 * @param timerAt when the timer fires; {@link Bounds#NEVER} where none is set
 * @param timerHolds at which time it holds the watermark
 */
record Calendar(NavigableMap<Long, Slot> slots, long timerAt, long timerHolds) {
    static final Coder<Calendar> CODER = new CalendarCoder();

    /**
     * What is known of a slot without reading it.
     *
     * @param earliest the first watermark with which a key is to be looked through
     * @param holds the earliest time at which one holds the watermark; {@link Bounds#NEVER} where none does
     * @param pages on how many pages its keys are
     * @param lastBytes how large the last page is
     */
    record Slot(long earliest, long holds, int pages, int lastBytes) {
        static final Slot EMPTY = new Slot(Bounds.NEVER, Bounds.NEVER, 0, 0);

        Slot and(Due due) {
            return new Slot(Math.min(earliest, due.at()), Math.min(holds, due.holds()), pages, lastBytes);
        }

        Slot withPages(int number, int bytes) {
            return new Slot(earliest, holds, number, bytes);
        }
    }

    static Calendar empty() {
        return new Calendar(new TreeMap<>(), Bounds.NEVER, Bounds.NEVER);
    }

    private static final class CalendarCoder extends AtomicCoder<Calendar> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Calendar calendar, OutputStream out) throws IOException {
            out.write(VERSION);
            EncodedTime.write(calendar.timerAt, Bounds.NEVER, 0, out);
            EncodedTime.write(calendar.timerHolds, Bounds.NEVER, 0, out);
            VarInt.encode(calendar.slots.size(), out);
            long before = 0;
            for (Map.Entry<Long, Slot> entry : calendar.slots.entrySet()) {
                Slot slot = entry.getValue();
                VarInt.encode(ZigZag.encode(entry.getKey() - before), out);
                EncodedTime.write(slot.earliest, Bounds.NEVER, entry.getKey(), out);
                EncodedTime.write(slot.holds, Bounds.NEVER, entry.getKey(), out);
                VarInt.encode(slot.pages, out);
                VarInt.encode(slot.lastBytes, out);
                before = entry.getKey();
            }
        }

        @Override
        public Calendar decode(InputStream in) throws IOException {
            Versioned.read("calendar", VERSION, in);
            long timerAt = EncodedTime.read(Bounds.NEVER, 0, in);
            long timerHolds = EncodedTime.read(Bounds.NEVER, 0, in);
            NavigableMap<Long, Slot> slots = new TreeMap<>();
            long id = 0;
            for (int remaining = VarInt.decodeInt(in); remaining > 0; remaining--) {
                id += ZigZag.decode(VarInt.decodeLong(in));
                long earliest = EncodedTime.read(Bounds.NEVER, id, in);
                long holds = EncodedTime.read(Bounds.NEVER, id, in);
                int pages = VarInt.decodeInt(in);
                slots.put(id, new Slot(earliest, holds, pages, VarInt.decodeInt(in)));
            }
            return new Calendar(slots, timerAt, timerHolds);
        }
    }
}
