package io.millrace.transforms.enricher;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is of keys, whole and never changed: any number of threads look into it at a time.
 *
 * @param <KeyT> what is looked up
 * @param <ValueT> what there is of it
 */
public interface LookupTable<KeyT, ValueT> {

    /** What there is of a key; null for nothing. */
    @Nullable ValueT get(KeyT key);

    /** How many keys it has. */
    long rows();

    /** A table of a map that nobody changes. For a great many rows of bytes a {@link PackedTable} takes less memory. */
    static <KeyT, ValueT> LookupTable<KeyT, ValueT> of(Map<KeyT, ValueT> rows) {
        return new OfMap<>(Map.copyOf(rows));
    }

    /**
     * Where a table is loaded from. A process has one of each step, and calls it on one thread.
     *
     * <p>Asking for the version and loading are one call, so that a version is always that of the rows which were loaded with it.
     */
    interface Source<KeyT, ValueT> extends Serializable {
        /** The version of a place that tells none: what is loaded is then loaded again each time. */
        String UNKNOWN = "";

        /** The place, for people: without a secret. */
        String place();

        /**
         * The table as it is there now, whole; or nothing, where that is the version which is held: then hardly anything was read.
         *
         * @param held the version that is held, or {@link #UNKNOWN}
         * @throws IOException if it cannot be loaded whole now
         * @throws InterruptedException if the thread is interrupted, since nobody needs the table any more
         */
        Optional<Loaded<KeyT, ValueT>> load(String held) throws IOException, InterruptedException;

        /**
         * Whether a table without a row is one. Otherwise its load fails: a place is found empty while somebody fills it anew, and then
         * there would be nothing of any key.
         */
        default boolean mayBeEmpty() {
            return false;
        }
    }

    /**
     * A table that was loaded.
     *
     * @param table the table
     * @param version tells it from all others that were or will be at its place; {@link Source#UNKNOWN} where that does not say
     * @param doubled how many rows are not in it, since a later one has their key
     */
    record Loaded<KeyT, ValueT>(LookupTable<KeyT, ValueT> table, String version, long doubled) {}

    /** See {@link LookupTable#of}. */
    record OfMap<KeyT, ValueT>(Map<KeyT, ValueT> map) implements LookupTable<KeyT, ValueT> {
        @Override
        public @Nullable ValueT get(KeyT key) {
            return map.get(key);
        }

        @Override
        public long rows() {
            return map.size();
        }
    }
}
