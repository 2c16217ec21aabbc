package io.millrace.pipelines.router;

import org.apache.beam.sdk.values.KV;

/**
 * Puts what has a key into one of a few buckets. A runner has a price for each key that it groups by, and some have a high one; a
 * bucket's things fit into memory where all of them would not.
 */
final class Buckets {
    private static final int NUMBER = 64;

    private Buckets() {}

    /** The bucket of a key. */
    static int of(String key) {
        return Math.floorMod(key.hashCode(), NUMBER);
    }

    /** A thing by its key, in its bucket. */
    static <T> KV<Integer, KV<String, T>> of(String key, T thing) {
        return KV.of(of(key), KV.of(key, thing));
    }
}
