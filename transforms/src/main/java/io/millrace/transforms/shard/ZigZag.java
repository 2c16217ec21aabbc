package io.millrace.transforms.shard;

/**
 * Signed numbers as unsigned ones, small where they are near zero on either side.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/#signed-ints">Protocol Buffers, signed integers</a>
 */
public final class ZigZag {
    private ZigZag() {}

    public static long encode(long signed) {
        return (signed << 1) ^ (signed >> 63);
    }

    public static long decode(long unsigned) {
        return (unsigned >>> 1) ^ -(unsigned & 1);
    }
}
