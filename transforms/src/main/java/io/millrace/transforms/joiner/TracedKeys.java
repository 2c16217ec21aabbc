package io.millrace.transforms.joiner;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.hash.Hashing;
import io.millrace.transforms.shard.KeyBytes;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;

/**
 * Of which keys a trace is kept.
 *
 * @param share of the share of all keys, drawn by their hash, so that it is everything that becomes of a key or nothing
 * @param keys and of these, encoded
 */
record TracedKeys(double share, Set<KeyBytes> keys) implements Serializable {
    /** Another hash than that of shards, of which otherwise some would have all that is traced. */
    private static final int SEED = 0x7ace;

    static <KeyT> TracedKeys of(double share, List<KeyT> keys, Coder<KeyT> coder) {
        return new TracedKeys(
                share, keys.stream().map(key -> encoded(key, coder)).collect(Collectors.toUnmodifiableSet()));
    }

    static double checked(double share) {
        checkArgument(share >= 0 && share <= 1, "share of keys must be from 0 to 1, but was %s", share);
        return share;
    }

    private static <KeyT> KeyBytes encoded(KeyT key, Coder<KeyT> coder) {
        try {
            return new KeyBytes(CoderUtils.encodeToByteArray(coder, key));
        } catch (CoderException e) {
            throw new IllegalArgumentException("key must be one that its coder writes, but was " + key, e);
        }
    }

    boolean has(KeyBytes key) {
        return (share > 0 && isDrawn(key)) || (!keys.isEmpty() && keys.contains(key));
    }

    private boolean isDrawn(KeyBytes key) {
        long hash = Hashing.murmur3_32_fixed(SEED).hashBytes(key.bytes()).padToLong();
        return hash < share * (1L << 32);
    }
}
