package io.millrace.transforms.joiner;

import java.util.List;
import org.apache.beam.sdk.values.TimestampedValue;

/** The attributions that need no look at the elements. */
enum Touches implements Attribution<Object, Object> {
    ALL,
    FIRST,
    LAST;

    <T> List<T> of(List<T> candidates) {
        return switch (this) {
            case ALL -> candidates;
            case FIRST -> candidates.subList(0, 1);
            case LAST -> candidates.subList(candidates.size() - 1, candidates.size());
        };
    }

    @Override
    public List<TimestampedValue<Object>> credited(
            TimestampedValue<Object> right, List<TimestampedValue<Object>> candidates) {
        return of(candidates);
    }

    @SuppressWarnings("unchecked") // it never looks at them
    <LeftT, RightT> Attribution<LeftT, RightT> cast() {
        return (Attribution<LeftT, RightT>) (Attribution<?, ?>) this;
    }
}
