package io.millrace.transforms.joiner;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Elements of a shard on their way: which side they are of, then of each the key, the time and the element, encoded. */
final class Batch {
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long earliest = Long.MAX_VALUE;

    Batch(Side side) {
        out.write(side.ordinal());
    }

    /** An element of a batch, a left one or a right one. */
    record Item<LeftT, RightT>(
            KeyBytes key,
            long time,
            @Nullable LeftT left,
            @Nullable RightT right) {
        Side side() {
            return left == null ? Side.RIGHT : Side.LEFT;
        }
    }

    <T> void add(KeyBytes key, long time, T element, Coder<T> coder) throws IOException {
        BYTES.encode(key.bytes(), out);
        VarInt.encode(ZigZag.encode(time), out);
        coder.encode(element, out);
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

    static <LeftT, RightT> void read(
            byte[] batch, Coder<LeftT> left, Coder<RightT> right, Consumer<Item<LeftT, RightT>> to) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(batch);
        boolean isLeft = in.read() == Side.LEFT.ordinal();
        while (in.available() > 0) {
            KeyBytes key = new KeyBytes(BYTES.decode(in));
            long time = ZigZag.decode(VarInt.decodeLong(in));
            to.accept(
                    isLeft
                            ? new Item<>(key, time, left.decode(in), null)
                            : new Item<>(key, time, null, right.decode(in)));
        }
    }
}
