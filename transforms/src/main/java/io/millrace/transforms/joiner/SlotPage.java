package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** A page of what is due in a slot of an {@link Agenda}. */
record SlotPage(long slot, int number) {
    static final Coder<SlotPage> CODER = new SlotPageCoder();

    private static final class SlotPageCoder extends AtomicCoder<SlotPage> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(SlotPage page, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(ZigZag.encode(page.slot), out);
            VarInt.encode(page.number, out);
        }

        @Override
        public SlotPage decode(InputStream in) throws IOException {
            Versioned.read("slot page", VERSION, in);
            long slot = ZigZag.decode(VarInt.decodeLong(in));
            return new SlotPage(slot, VarInt.decodeInt(in));
        }
    }
}
