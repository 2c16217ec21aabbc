package io.millrace.io.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/**
 * What has been written so far: the state of a shard without windows, whose next object has the number {@code objects}.
 *
 * @param objects how many objects
 * @param records how many lines
 * @param bytes the size of the objects
 * @param offsets where the results came from
 */
record Batches(long objects, long records, long bytes, Offsets offsets) {
    static final StateCoder<Batches> CODER = new BatchesCoder();
    private static final Batches NONE = new Batches(0, 0, 0, Offsets.none());

    static Batches none() {
        return NONE;
    }

    /** With one object more. */
    Batches and(Lines lines, long size) {
        return new Batches(objects + 1, records + lines.size(), bytes + size, offsets.and(lines.offsets()));
    }

    private static final class BatchesCoder extends StateCoder<Batches> {
        private static final long serialVersionUID = 1;

        BatchesCoder() {
            super("batches");
        }

        @Override
        void encodeParts(Batches batches, OutputStream out) throws IOException {
            VarInt.encode(batches.objects, out);
            VarInt.encode(batches.records, out);
            VarInt.encode(batches.bytes, out);
            Offsets.CODER.encode(batches.offsets, out);
        }

        @Override
        Batches decodeParts(InputStream in) throws IOException {
            return new Batches(
                    VarInt.decodeLong(in), VarInt.decodeLong(in), VarInt.decodeLong(in), Offsets.CODER.decode(in));
        }
    }
}
