package io.millrace.transforms.view;

import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to a shard: changes, entries of a full publish, that one is complete, or a request. Changes and entries are kept as they are for a
 * while, also over a restart; so another way to write them is to be another kind.
 */
final class ShardMessage {
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
    private static final int CHANGES = 0;
    private static final int ENTRIES = 1;
    private static final int COMPLETE = 2;
    private static final int REQUEST = 3;

    private ShardMessage() {}

    /** Who takes what is sent. */
    interface Taker {
        /** Changes, to be read by {@link #readAside}. */
        void changes(byte[] batch);

        /** Entries of a publish, to be read by {@link #readAside}. */
        void entries(long generation, byte[] batch);

        /** A publish is complete, of a version and with so many entries of the shard; and, if it has all, nothing else is there. */
        void complete(long generation, long version, long entries, boolean hasAll);

        void request(ViewRequest request);
    }

    /** Who takes what was put aside. */
    interface AsideTaker {
        /**
         * An event changes an item.
         *
         * @param value what it is; null if it is not there any more
         * @param event the event, encoded
         */
        void change(KeyBytes key, byte[] item, long version, byte @Nullable [] value, byte[] event);

        /** A publish has an item. */
        void entry(long generation, KeyBytes key, byte[] item, byte[] value, byte[] entry);
    }

    static Batches changes() {
        return new Batches((byte) CHANGES);
    }

    /** Writes a change behind others. */
    static void write(KeyBytes key, byte[] item, long version, byte @Nullable [] value, byte[] event, OutputStream out)
            throws IOException {
        BYTES.encode(key.bytes(), out);
        BYTES.encode(item, out);
        VarInt.encode(ZigZag.encode(version), out);
        out.write(value == null ? 0 : 1);
        if (value != null) {
            BYTES.encode(value, out);
        }
        BYTES.encode(event, out);
    }

    static Batches entries(long generation) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(ENTRIES);
        encode(generation, head);
        return new Batches(head.toByteArray());
    }

    /** Writes an entry of a publish behind others. */
    static void write(KeyBytes key, byte[] item, byte[] value, byte[] entry, OutputStream out) throws IOException {
        BYTES.encode(key.bytes(), out);
        BYTES.encode(item, out);
        BYTES.encode(value, out);
        BYTES.encode(entry, out);
    }

    static byte[] complete(long generation, long version, long entries, boolean hasAll) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(COMPLETE);
        encode(generation, out);
        encode(ZigZag.encode(version), out);
        encode(entries, out);
        out.write(hasAll ? 1 : 0);
        return out.toByteArray();
    }

    static byte[] request(ViewRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(REQUEST);
        try {
            ViewRequestCoder.of().encode(request, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void encode(long number, OutputStream out) {
        try {
            VarInt.encode(number, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isOfChanges(byte[] message) {
        return message[0] == CHANGES;
    }

    static void read(byte[] message, Taker to) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(message);
        int kind = in.read();
        switch (kind) {
            case CHANGES -> to.changes(message);
            case ENTRIES -> to.entries(VarInt.decodeLong(in), message);
            case COMPLETE -> {
                long generation = VarInt.decodeLong(in);
                long version = ZigZag.decode(VarInt.decodeLong(in));
                long entries = VarInt.decodeLong(in);
                to.complete(generation, version, entries, in.read() == 1);
            }
            case REQUEST -> to.request(ViewRequestCoder.of().decode(in));
            default -> throw new IOException("a message must be of a known kind, but was of " + kind);
        }
    }

    /** Reads a batch of changes or of entries. */
    static void readAside(byte[] batch, AsideTaker to) {
        ByteArrayInputStream in = new ByteArrayInputStream(batch);
        try {
            int kind = in.read();
            switch (kind) {
                case CHANGES -> readChanges(in, to);
                case ENTRIES -> readEntries(in, to);
                default -> throw new IOException("a batch must be of a known kind, but was of " + kind);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what is put aside must be as it was written", e);
        }
    }

    private static void readChanges(ByteArrayInputStream in, AsideTaker to) throws IOException {
        while (in.available() > 0) {
            KeyBytes key = new KeyBytes(BYTES.decode(in));
            byte[] item = BYTES.decode(in);
            long version = ZigZag.decode(VarInt.decodeLong(in));
            byte[] value = in.read() == 0 ? null : BYTES.decode(in);
            to.change(key, item, version, value, BYTES.decode(in));
        }
    }

    private static void readEntries(ByteArrayInputStream in, AsideTaker to) throws IOException {
        long generation = VarInt.decodeLong(in);
        while (in.available() > 0) {
            KeyBytes key = new KeyBytes(BYTES.decode(in));
            byte[] item = BYTES.decode(in);
            byte[] value = BYTES.decode(in);
            to.entry(generation, key, item, value, BYTES.decode(in));
        }
    }
}
