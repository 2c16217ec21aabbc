package io.millrace.transforms.view;

import java.util.List;

/**
 * What a key of a view is from now on.
 *
 * @param version the highest version of all that made it so; of one key it never falls
 * @param items its items, in the order of their names; none if the key is removed
 * @param cause why it is said
 */
public record ViewUpdate<ItemT>(long version, List<ItemT> items, Cause cause) {

    /** Why a key is told. */
    public enum Cause {
        /** It has changed. */
        CHANGE,
        /** A request asked for it to be told again, as it is now. */
        FLUSH,
        /** A request asked for it to be put right: whatever else is there is wrong. */
        REPAIR,
        /** A request asked for it to be told where nothing is, or something older. */
        RENEW
    }

    public ViewUpdate {
        items = List.copyOf(items);
    }

    /** Whether the key is removed. */
    public boolean isRemoved() {
        return items.isEmpty();
    }
}
