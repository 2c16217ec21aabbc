package io.millrace.transforms.enricher;

import org.jspecify.annotations.Nullable;

/**
 * A word of a changelog about a key: its value from the time of the element on that carries this, or that it has none from then on.
 *
 * @param value the value; null where the key was deleted
 * @param sequence which of several changes of one key at one time is the last: the one with the highest number
 */
public record Change<ValueT>(@Nullable ValueT value, long sequence) {

    /** A key's new value. */
    public static <ValueT> Change<ValueT> to(ValueT value, long sequence) {
        return new Change<>(value, sequence);
    }

    /** The end of a key's value. */
    public static <ValueT> Change<ValueT> deletion(long sequence) {
        return new Change<>(null, sequence);
    }
}
