package io.millrace.pipelines.join;

import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Counts of left events.
 *
 * @param lefts how many there are
 * @param given how many of them were given to a right one
 */
record Counts(long lefts, long given) {
    static final Coder<Counts> CODER = new CountsCoder();

    static Counts sum(Iterable<Counts> all) {
        long lefts = 0;
        long given = 0;
        for (Counts counts : all) {
            lefts += counts.lefts;
            given += counts.given;
        }
        return new Counts(lefts, given);
    }

    private static final class CountsCoder extends AtomicCoder<Counts> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Counts counts, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(counts.lefts, out);
            VarInt.encode(counts.given, out);
        }

        @Override
        public Counts decode(InputStream in) throws IOException {
            Versioned.read("counts", VERSION, in);
            return new Counts(VarInt.decodeLong(in), VarInt.decodeLong(in));
        }
    }
}
