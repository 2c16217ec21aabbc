package io.millrace.transforms.joiner;

import org.jspecify.annotations.Nullable;

/**
 * An element that a join could not take in.
 *
 * @param left the element, if it is a left one
 * @param right the element, if it is a right one
 * @param reason the kind of failure
 * @param message what was wrong, for a person
 */
public record Refused<LeftT, RightT>(
        @Nullable LeftT left, @Nullable RightT right, Reason reason, String message) {

    /** Why it was not taken in. The ordinals are part of the encoding. */
    public enum Reason {
        /** The watermark had passed its time by more than is allowed. */
        LATE,
        /** As much is kept of its key as may be. */
        OVER_LIMIT,
        /** It has no event time, but the first or the last moment that there is. */
        NO_TIME
    }

    /** Which input the element is of. */
    public Side side() {
        return left == null ? Side.RIGHT : Side.LEFT;
    }
}
