package io.millrace.transforms.enricher;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * What waits in a slot of time: elements at places that are numbered as they came.
 *
 * @param from the first place at which one may still wait
 * @param end the place behind the last
 * @param earliest the earliest time of those that wait
 * @param latest the latest time of any that came
 * @param inOrder whether they came in the order of their times
 */
record Slot(int from, int end, long earliest, long latest, boolean inOrder) {
    static final Coder<Slot> CODER = new SlotCoder();

    /** With one element. */
    static Slot of(long time) {
        return new Slot(0, 1, time, time, true);
    }

    /** The same with one more at the end. */
    Slot with(long time) {
        return new Slot(from, end + 1, Math.min(earliest, time), Math.max(latest, time), inOrder && time >= latest);
    }

    /** The same without those before a place, and those before a time. */
    Slot without(int before, long time) {
        return new Slot(before, end, time, latest, inOrder);
    }

    private static final class SlotCoder extends AtomicCoder<Slot> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Slot slot, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(slot.from, out);
            VarInt.encode(slot.end, out);
            VarInt.encode(slot.earliest, out);
            VarInt.encode(slot.latest, out);
            out.write(slot.inOrder ? 1 : 0);
        }

        @Override
        public Slot decode(InputStream in) throws IOException {
            Versioned.read("slot", VERSION, in);
            int from = VarInt.decodeInt(in);
            int end = VarInt.decodeInt(in);
            long earliest = VarInt.decodeLong(in);
            return new Slot(from, end, earliest, VarInt.decodeLong(in), in.read() == 1);
        }
    }
}
