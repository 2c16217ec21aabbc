package io.millrace.transforms.joiner;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.util.VarInt;

/** Elements of a shard on their way, one behind the other: of each the key, the side, the time and the element, encoded. */
final class Batch {
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long earliest = Long.MAX_VALUE;

    /** An element of a batch. */
    record Item(KeyBytes key, Side side, long time, byte[] element) {}

    void add(KeyBytes key, Side side, long time, byte[] element) {
        try {
            out.write(side.ordinal());
            VarInt.encode(ZigZag.encode(time), out);
            BYTES.encode(key.bytes(), out);
            BYTES.encode(element, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        earliest = Math.min(earliest, time);
    }

    int size() {
        return out.size();
    }

    /** The time of its earliest element. */
    long earliest() {
        return earliest;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static void read(byte[] batch, Consumer<Item> to) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(batch);
        while (in.available() > 0) {
            Side side = in.read() == Side.LEFT.ordinal() ? Side.LEFT : Side.RIGHT;
            long time = ZigZag.decode(VarInt.decodeLong(in));
            KeyBytes key = new KeyBytes(BYTES.decode(in));
            to.accept(new Item(key, side, time, BYTES.decode(in)));
        }
    }
}
