package io.millrace.io.objects;

import io.millrace.io.objects.Lines.Detail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.util.VarInt;

/**
 * What has been written so far: the state of a shard without windows, whose next object has the number {@code objects}.
 *
 * @param lineage the run that began to write them, whose name they bear also after a restore
 * @param epoch that run's epoch: a run of another one does not go on from here, but begins its own
 * @param objects how many objects
 * @param records how many lines
 * @param bytes the size of the objects
 * @param offsets where the results came from
 */
record Batches(String lineage, long epoch, long objects, long records, long bytes, Offsets offsets) {
    static final StateCoder<Batches> CODER = new BatchesCoder();

    /** Nothing yet, of a run that begins. */
    static Batches none(String lineage, long epoch) {
        return new Batches(lineage, epoch, 0, 0, 0, Offsets.none());
    }

    /** With one object more. */
    Batches and(Lines lines, long size, Detail detail) {
        Offsets more = lines.offsets(detail);
        return new Batches(
                lineage,
                epoch,
                objects + 1,
                records + lines.size(),
                bytes + size,
                detail == Detail.RANGE ? offsets.and(more) : offsets.andExactly(more));
    }

    private static final class BatchesCoder extends StateCoder<Batches> {
        private static final long serialVersionUID = 1;
        private static final int WITH_EPOCH = 2;

        BatchesCoder() {
            super("batches", WITH_EPOCH);
        }

        @Override
        void encodeParts(Batches batches, OutputStream out) throws IOException {
            writeText(batches.lineage, out);
            VarInt.encode(batches.epoch, out);
            VarInt.encode(batches.objects, out);
            VarInt.encode(batches.records, out);
            VarInt.encode(batches.bytes, out);
            Offsets.CODER.encode(batches.offsets, out);
        }

        @Override
        Batches decodeParts(InputStream in) throws IOException {
            return new Batches(
                    readText(in),
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in),
                    Offsets.CODER.decode(in));
        }
    }
}
