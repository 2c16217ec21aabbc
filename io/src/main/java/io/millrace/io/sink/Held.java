package io.millrace.io.sink;

import static com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.coders.DefaultCoder;

/**
 * One thing that a sink holds, or should hold, as an audit compares the two: by its key.
 *
 * @param key what the sink knows it by: an identity, a document's id, a digest of a line
 * @param version which of several under one key counts, the highest; {@link #EACH_COUNTS} where every one of them does. Where
 *     every result counts, a sink may give what it holds the epoch that wrote it, and those of lower epochs do not
 * @param sight what a reader of the sink sees of it
 * @param name what a person is told of it: the identity of what should be there, or the place of what is
 */
@DefaultCoder(HeldCoder.class)
public record Held(String key, long version, Sight sight, String name) {

    /** The version of what does not take the place of another under its key. */
    public static final long EACH_COUNTS = -1;

    /** What a reader who follows the sink's rules sees. */
    public enum Sight {
        /** It is there. */
        SEEN,
        /** It is stored, and the reader passes over it: a repeat of what came before. */
        DROPPED,
        /** It is not there, having been deleted. */
        DELETED
    }

    public Held {
        checkArgument(version >= EACH_COUNTS, "version must be at least %s, but was %s", EACH_COUNTS, version);
    }

    /** One thing beside others of the same key. */
    public static Held each(String key, String name) {
        return new Held(key, EACH_COUNTS, Sight.SEEN, name);
    }

    /** One thing, in whose place a newer one of the same key comes. */
    public static Held newest(String key, long version, String name) {
        checkArgument(version >= 0, "version must be at least 0, but was %s", version);
        return new Held(key, version, Sight.SEEN, name);
    }

    /** The same, passed over by a reader. */
    public Held dropped() {
        return new Held(key, version, Sight.DROPPED, name);
    }

    /** The same, having been deleted. */
    public Held deleted() {
        return new Held(key, version, Sight.DELETED, name);
    }
}
