package io.millrace.transforms.joiner;

import io.millrace.transforms.event.Versioned;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Entries one behind the other, as they came, encoded: one more is added without a look at those that are there.
 *
 * <p>Of each: a byte of flags, the time as a signed distance from the base of its {@link Page}, the id with a length byte and the
 * fingerprint where there are such, then the content behind its length.
 *
 * @param bytes what they are at the end of
 * @param from where the first begins
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record Entries(byte[] bytes, int from) {
    static final Entries NONE = new Entries(new byte[0], 0);
    static final Coder<Entries> CODER = new EntriesCoder();

    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
    private static final int RIGHT = 1;
    private static final int CREDITED = 2;
    private static final int ANSWERED = 4;
    private static final int WITH_ID = 8;

    int size() {
        return bytes.length - from;
    }

    ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes, from, size());
    }

    /** These and more. */
    Entries and(byte[] more) {
        return new Entries(
                ByteBuffer.allocate(size() + more.length)
                        .put(buffer())
                        .put(more)
                        .array(),
                0);
    }

    /** Writes one more behind others. */
    static void write(Entry entry, long base, OutputStream out) {
        try {
            out.write(flags(entry));
            VarInt.encode(ZigZag.encode(entry.time() - base), out);
            if (entry.id().length > 0) {
                out.write(entry.id().length);
                out.write(entry.id());
            }
            if (entry.answer() != Entry.UNANSWERED) {
                new DataOutputStream(out).writeLong(entry.answer());
            }
            BYTES.encode(entry.content(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int flags(Entry entry) {
        return (entry.side() == Side.RIGHT ? RIGHT : 0)
                | (entry.credited() ? CREDITED : 0)
                | (entry.answer() == Entry.UNANSWERED ? 0 : ANSWERED)
                | (entry.id().length == 0 ? 0 : WITH_ID);
    }

    /** Adds each to the list of its side. */
    void collect(long base, List<Entry> lefts, List<Entry> rights) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes, from, size());
        try {
            while (in.available() > 0) {
                Entry entry = read(base, in);
                (entry.side() == Side.LEFT ? lefts : rights).add(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("entries of a join must be as they were written", e);
        }
    }

    private static Entry read(long base, InputStream in) throws IOException {
        int flags = in.read();
        long time = base + ZigZag.decode(VarInt.decodeLong(in));
        byte[] id = (flags & WITH_ID) == 0 ? Entry.NO_ID : in.readNBytes(in.read());
        long answer = (flags & ANSWERED) == 0 ? Entry.UNANSWERED : new DataInputStream(in).readLong();
        byte[] content = BYTES.decode(in);
        Side side = (flags & RIGHT) == 0 ? Side.LEFT : Side.RIGHT;
        return new Entry(side, time, id, content, (flags & CREDITED) != 0, answer);
    }

    private static final class EntriesCoder extends AtomicCoder<Entries> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(Entries entries, OutputStream out) throws IOException {
            out.write(VERSION);
            VarInt.encode(entries.size(), out);
            out.write(entries.bytes, entries.from, entries.size());
        }

        @Override
        public Entries decode(InputStream in) throws IOException {
            Versioned.read("entries", VERSION, in);
            return new Entries(BYTES.decode(in), 0);
        }
    }
}
