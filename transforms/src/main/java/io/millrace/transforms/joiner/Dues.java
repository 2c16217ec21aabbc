package io.millrace.transforms.joiner;

import com.google.common.primitives.Bytes;
import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** Keys that are to be looked through in a slot of time, one behind the other as they came: some more are added without a look at them. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Dues(byte[] bytes) {
    static final Dues NONE = new Dues(new byte[0]);
    static final Coder<Dues> CODER = new DuesCoder();

    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    /** These and more, of a slot of this id. */
    Dues with(List<Due> more, long slot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(24 * more.size());
        try {
            for (Due due : more) {
                VarInt.encode(ZigZag.encode(due.at() - slot), out);
                EncodedTime.write(due.holds(), Bounds.NEVER, slot, out);
                BYTES.encode(due.key().bytes(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Dues(Bytes.concat(bytes, out.toByteArray()));
    }

    List<Due> all(long slot) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        List<Due> all = new ArrayList<>();
        try {
            while (in.available() > 0) {
                long at = slot + ZigZag.decode(VarInt.decodeLong(in));
                long holds = EncodedTime.read(Bounds.NEVER, slot, in);
                all.add(new Due(at, holds, new KeyBytes(BYTES.decode(in))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what is due of a join must be as it was written", e);
        }
        return all;
    }

    private static final class DuesCoder extends AtomicCoder<Dues> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Dues dues, OutputStream out) throws IOException {
            out.write(VERSION);
            BYTES.encode(dues.bytes, out);
        }

        @Override
        public Dues decode(InputStream in) throws IOException {
            Versioned.read("dues", VERSION, in);
            return new Dues(BYTES.decode(in));
        }
    }
}
