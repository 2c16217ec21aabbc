package io.millrace.transforms.restate;

import static com.google.common.base.Preconditions.checkArgument;

import org.jspecify.annotations.Nullable;

/**
 * What a published result has to become.
 *
 * @param <ValueT> a result
 * @param before what was published; null where nothing was
 * @param now what it should be; null where nothing should
 */
public record Correction<ValueT>(
        @Nullable ValueT before, @Nullable ValueT now) {

    /** What has to be done. */
    public enum Kind {
        /** Nothing was published where something should have been. */
        ADDED,
        /** Something else was published. */
        CHANGED,
        /** Something was published where nothing should have been. */
        REMOVED
    }

    public Correction {
        checkArgument(before != null || now != null, "correction must have something before or now");
    }

    /** What has to be done. */
    public Kind kind() {
        if (before == null) {
            return Kind.ADDED;
        }
        return now == null ? Kind.REMOVED : Kind.CHANGED;
    }
}
