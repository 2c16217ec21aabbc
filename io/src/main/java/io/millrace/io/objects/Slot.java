package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;

/**
 * Which object of a windowed folder: one for each window and shard.
 *
 * @param windowStart where the window begins
 * @param shard the shard, from 0
 */
record Slot(Instant windowStart, int shard) {
    static final StateCoder<Slot> CODER = new SlotCoder();

    private static final class SlotCoder extends StateCoder<Slot> {
        private static final long serialVersionUID = 1;

        SlotCoder() {
            super("slot");
        }

        @Override
        void encodeParts(Slot slot, OutputStream out) throws IOException {
            VarInt.encode(slot.windowStart.getMillis(), out);
            VarInt.encode(slot.shard, out);
        }

        @Override
        Slot decodeParts(InputStream in) throws IOException {
            return new Slot(Instant.ofEpochMilli(VarInt.decodeLong(in)), VarInt.decodeInt(in));
        }
    }
}
