package io.millrace.transforms.enricher;

import org.jspecify.annotations.Nullable;

/**
 * What comes to a key: an element, or a change.
 *
 * @param input the element, or null
 * @param change the change, or null
 */
record Arrival<InputT, ValueT>(
        @Nullable InputT input, @Nullable Change<ValueT> change) {

    static <InputT, ValueT> Arrival<InputT, ValueT> ofElement(InputT input) {
        return new Arrival<>(input, null);
    }

    static <InputT, ValueT> Arrival<InputT, ValueT> ofChange(Change<ValueT> change) {
        return new Arrival<>(null, change);
    }
}
