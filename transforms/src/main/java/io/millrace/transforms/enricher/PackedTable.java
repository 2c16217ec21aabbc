package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table of texts and bytes that takes little memory and no work of the garbage collector: rows lie side by side in large arrays.
 *
 * <p>A row costs 10 to 26 bytes beyond those of its key, in UTF-8, and its value: 8 to 16 for its place in an index that is half full at
 * most, 2 or 3 for the lengths of a key below 128 bytes and a value below 16 KB, and up to 7 to begin at a multiple of eight. While the
 * index grows, the one before is there too. A row whose key comes again is no longer found, but keeps its bytes. {@link #bytes} tells
 * what all of it takes.
 *
 * <p>It holds 16 GB at most. Values are copies: whoever has one may keep it.
 */
public final class PackedTable implements LookupTable<String, byte[]> {
    /** Below half of the smallest region of G1, so that it is no object of its own kind for the collector. */
    private static final int CHUNK_BYTES = 1 << 18;

    private static final int UNIT_BITS = 3;
    private static final int CHUNK_UNIT_BITS = 18 - UNIT_BITS;
    private static final int MOST_CHUNKS = 1 << 31 - CHUNK_UNIT_BITS;
    private static final int MOST_LENGTH_BYTES = 5;
    private static final HashFunction HASH = Hashing.murmur3_32_fixed();

    private final byte[][] chunks;
    private final int[] index;
    private final long rows;
    private final long bytes;

    private PackedTable(byte[][] chunks, int[] index, long rows) {
        this.chunks = chunks;
        this.index = index;
        this.rows = rows;
        this.bytes = 4L * index.length
                + Arrays.stream(chunks).mapToLong(chunk -> chunk.length).sum();
    }

    /** A builder of a table. For one thread. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public byte @Nullable [] get(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        int slot = find(index, chunks, bytes, hash(bytes));
        return index[slot] == 0 ? null : value(index[slot] - 1);
    }

    @Override
    public long rows() {
        return rows;
    }

    /** What its arrays take. */
    public long bytes() {
        return bytes;
    }

    private byte[] value(int place) {
        byte[] chunk = chunk(chunks, place);
        int at = offset(place);
        int key = length(chunk, at);
        int valueAt = at + lengthBytes(key);
        int value = length(chunk, valueAt);
        int from = valueAt + lengthBytes(value) + key;
        return Arrays.copyOfRange(chunk, from, from + value);
    }

    private static int hash(byte[] key) {
        return HASH.hashBytes(key).asInt();
    }

    /** The slot of a key, or the empty one where it belongs. */
    private static int find(int[] index, byte[][] chunks, byte[] key, int hash) {
        int slot = hash & index.length - 1;
        while (index[slot] != 0 && !isOf(chunks, index[slot] - 1, key)) {
            slot = slot + 1 & index.length - 1;
        }
        return slot;
    }

    private static boolean isOf(byte[][] chunks, int place, byte[] key) {
        byte[] chunk = chunk(chunks, place);
        int at = offset(place);
        if (length(chunk, at) != key.length) {
            return false;
        }
        int from = keyAt(chunk, at);
        return Arrays.equals(chunk, from, from + key.length, key, 0, key.length);
    }

    private static int keyAt(byte[] chunk, int at) {
        int valueAt = at + lengthBytes(length(chunk, at));
        return valueAt + lengthBytes(length(chunk, valueAt));
    }

    private static byte[] chunk(byte[][] chunks, int place) {
        return chunks[place >>> CHUNK_UNIT_BITS];
    }

    private static int offset(int place) {
        return (place & (1 << CHUNK_UNIT_BITS) - 1) << UNIT_BITS;
    }

    /** Seven bits a byte, the lowest first; the last byte is not negative. */
    private static int length(byte[] chunk, int from) {
        int length = 0;
        int at = from;
        int shift = 0;
        while (chunk[at] < 0) {
            length |= (chunk[at++] & 0x7F) << shift;
            shift += 7;
        }
        return length | chunk[at] << shift;
    }

    private static int lengthBytes(int length) {
        return 1 + (31 - Integer.numberOfLeadingZeros(length | 1)) / 7;
    }

    /** Takes rows, and makes a table of them. */
    public static final class Builder {
        private byte[][] chunks = new byte[16][];
        private int[] index = new int[1 << 10];
        private int chunkCount;
        private long chunkBytes;
        private int end = CHUNK_BYTES;
        private int rows;
        private long doubled;

        private Builder() {}

        /** Adds a row; one that has the same key, in UTF-8, is no longer found. */
        public void put(byte[] key, byte[] value) {
            if (rows >= index.length / 2) {
                grow();
            }
            int slot = find(index, chunks, key, hash(key));
            if (index[slot] == 0) {
                rows++;
            } else {
                doubled++;
            }
            index[slot] = 1 + write(key, value);
        }

        /** How many rows are no longer found, since another with their key came later. */
        public long doubled() {
            return doubled;
        }

        /** What the table takes so far; of the last chunk, what is filled. */
        public long bytes() {
            long rest = chunkCount == 0 ? 0 : chunks[chunkCount - 1].length - end;
            return 4L * index.length + chunkBytes - rest;
        }

        /** The table. Nothing may be added behind this. */
        public PackedTable build() {
            byte[][] filled = Arrays.copyOf(chunks, chunkCount);
            if (chunkCount > 0 && end < filled[chunkCount - 1].length) {
                filled[chunkCount - 1] = Arrays.copyOf(filled[chunkCount - 1], end);
            }
            return new PackedTable(filled, index, rows);
        }

        private void grow() {
            checkArgument(index.length < 1 << 30, "a table must have fewer than %s rows", index.length / 2);
            int[] larger = new int[index.length * 2];
            for (int taken : index) {
                if (taken != 0) {
                    byte[] key = key(taken - 1);
                    larger[find(larger, chunks, key, hash(key))] = taken;
                }
            }
            index = larger;
        }

        private byte[] key(int place) {
            byte[] chunk = chunk(chunks, place);
            int at = offset(place);
            int from = keyAt(chunk, at);
            return Arrays.copyOfRange(chunk, from, from + length(chunk, at));
        }

        private int write(byte[] key, byte[] value) {
            long size = 2L * MOST_LENGTH_BYTES + key.length + value.length;
            checkArgument(
                    size < Integer.MAX_VALUE - Long.BYTES, "a row must have less than 2 GB, but had %s bytes", size);
            if (end + size > CHUNK_BYTES) {
                addChunk((int) size);
            }
            byte[] chunk = chunks[chunkCount - 1];
            int place = chunkCount - 1 << CHUNK_UNIT_BITS | end >> UNIT_BITS;
            int at = writeLength(chunk, writeLength(chunk, end, key.length), value.length);
            System.arraycopy(key, 0, chunk, at, key.length);
            System.arraycopy(value, 0, chunk, at + key.length, value.length);
            end = at + key.length + value.length + Long.BYTES - 1 & -Long.BYTES;
            return place;
        }

        /** A row that is larger than one has one of its own. */
        private void addChunk(int size) {
            checkArgument(chunkCount < MOST_CHUNKS - 1, "a table must have less than 16 GB");
            if (chunkCount == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunkCount);
            }
            byte[] chunk = new byte[Math.max(CHUNK_BYTES, size + Long.BYTES)];
            chunks[chunkCount++] = chunk;
            chunkBytes += chunk.length;
            end = 0;
        }

        private static int writeLength(byte[] chunk, int from, int length) {
            int at = from;
            int left = length;
            while (left > 0x7F) {
                chunk[at++] = (byte) (left | 0x80);
                left >>>= 7;
            }
            chunk[at] = (byte) left;
            return at + 1;
        }
    }
}
