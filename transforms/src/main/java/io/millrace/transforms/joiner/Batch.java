package io.millrace.transforms.joiner;

import io.millrace.transforms.shard.Batches;
import io.millrace.transforms.shard.KeyBytes;
import io.millrace.transforms.shard.ZigZag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/** Elements of a shard on their way: which side they are of, then of each the key, the time and the element, encoded. */
final class Batch {
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();

    private Batch() {}

    /** Batches of elements of a side. */
    static Batches begin(Side side) {
        return new Batches((byte) side.ordinal());
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

    static <T> void write(KeyBytes key, long time, T element, Coder<T> coder, OutputStream out) throws IOException {
        BYTES.encode(key.bytes(), out);
        VarInt.encode(ZigZag.encode(time), out);
        coder.encode(element, out);
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
