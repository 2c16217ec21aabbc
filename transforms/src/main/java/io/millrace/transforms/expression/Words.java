package io.millrace.transforms.expression;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at once as a number, the first of them in its lowest byte. */
final class Words {
    /** 2<sup>64</sup> over the golden ratio: a product with it has its best bits at the top. */
    static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** The eight bytes from a position on. */
    static long at(byte[] bytes, int position) {
        return (long) LONGS.get(bytes, position);
    }

    /** The first eight bytes of a text; those behind a shorter one are 0. */
    static long head(byte[] bytes, int from, int to) {
        int length = to - from;
        if (from + Long.BYTES > bytes.length) {
            return headNearEnd(bytes, from, to);
        }
        long word = at(bytes, from);
        return length >= Long.BYTES ? word : word & ~(-1L << length * Byte.SIZE);
    }

    /** A hash of a text, eight bytes at a time. */
    static int hash(byte[] bytes, int from, int to) {
        long hash = to - from;
        int at = from;
        for (; at < to - Long.BYTES; at += Long.BYTES) {
            hash = mixed(hash ^ at(bytes, at));
        }
        return (int) mixed(hash ^ head(bytes, at, to));
    }

    /** Both halves of the product: the lower one tells what differs in the first bytes, the upper one what differs in the last. */
    private static long mixed(long hash) {
        return hash * GOLDEN_RATIO ^ Math.multiplyHigh(hash, GOLDEN_RATIO);
    }

    private static long headNearEnd(byte[] bytes, int from, int to) {
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = word << Byte.SIZE | bytes[i] & 0xff;
        }
        return word;
    }
}
