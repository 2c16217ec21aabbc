package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/** Keys that are to be looked through in a slot of time, one behind the other as they came: some more are added without a look at them. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Dues(byte[] bytes) {
    static final Dues NONE = new Dues(new byte[0]);
    static final Coder<Dues> CODER = new DuesCoder();

    /** These and more, of a slot of this id. */
    Dues with(List<Due> more, long slot) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(24 * more.size());
        try {
            for (Due due : more) {
                VarInt.encode(ZigZag.encode(due.at() - slot), out);
                VarInt.encode(due.holds() == Bounds.NEVER ? 0 : ZigZag.encode(due.holds() - slot) + 1, out);
                VarInt.encode(due.key().bytes().length, out);
                out.write(due.key().bytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] all = Arrays.copyOf(bytes, bytes.length + out.size());
        System.arraycopy(out.toByteArray(), 0, all, bytes.length, out.size());
        return new Dues(all);
    }

    List<Due> all(long slot) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        List<Due> all = new ArrayList<>();
        try {
            while (in.available() > 0) {
                long at = slot + ZigZag.decode(VarInt.decodeLong(in));
                long holds = VarInt.decodeLong(in);
                KeyBytes key = new KeyBytes(in.readNBytes(VarInt.decodeInt(in)));
                all.add(new Due(at, holds == 0 ? Bounds.NEVER : slot + ZigZag.decode(holds - 1), key));
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
            VarInt.encode(dues.bytes.length, out);
            out.write(dues.bytes);
        }

        @Override
        public Dues decode(InputStream in) throws IOException {
            Versioned.read("dues", VERSION, in);
            return new Dues(in.readNBytes(VarInt.decodeInt(in)));
        }
    }
}
