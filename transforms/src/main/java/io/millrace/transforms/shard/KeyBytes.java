package io.millrace.transforms.shard;

import com.google.common.hash.Hashing;
import io.millrace.transforms.event.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/** A key, encoded. */
public final class KeyBytes implements Serializable {
    private static final long serialVersionUID = 1;

    public static final Coder<KeyBytes> CODER = new KeyCoder();

    private final byte[] bytes;
    private final int hash;

    public KeyBytes(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Hashing.murmur3_32_fixed().hashBytes(bytes).asInt();
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Which of so many shards it is in. It is part of savepoints. */
    public int shard(int shards) {
        return Math.floorMod(hash, shards);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyBytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    private static final class KeyCoder extends AtomicCoder<KeyBytes> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        @Override
        public void encode(KeyBytes key, OutputStream out) throws IOException {
            out.write(VERSION);
            ByteArrayCoder.of().encode(key.bytes, out);
        }

        @Override
        public KeyBytes decode(InputStream in) throws IOException {
            Versioned.read("key", VERSION, in);
            return new KeyBytes(ByteArrayCoder.of().decode(in));
        }
    }
}
