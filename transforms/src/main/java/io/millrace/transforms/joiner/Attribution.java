package io.millrace.transforms.joiner;

import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * Which of the left elements that are within its bounds a right one is given.
 *
 * <p>A left element that is given to no right one at last is unmatched, and so is a right one that is given none.
 */
@FunctionalInterface
public interface Attribution<LeftT, RightT> extends Serializable {

    /**
     * Chooses.
     *
     * @param right the right element
     * @param candidates the left ones, at least one, in the order of their times
     * @return some of these very objects, each once, in their order
     */
    List<TimestampedValue<LeftT>> credited(TimestampedValue<RightT> right, List<TimestampedValue<LeftT>> candidates);

    /** All of them. */
    static <LeftT, RightT> Attribution<LeftT, RightT> all() {
        return Touches.ALL.cast();
    }

    /** The earliest one. */
    static <LeftT, RightT> Attribution<LeftT, RightT> first() {
        return Touches.FIRST.cast();
    }

    /** The latest one. */
    static <LeftT, RightT> Attribution<LeftT, RightT> last() {
        return Touches.LAST.cast();
    }
}
