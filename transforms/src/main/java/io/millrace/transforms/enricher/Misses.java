package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of elements of whose key there is nothing.
 *
 * @param action what is done
 * @param defaultValue the value that they get by default
 */
record Misses<ValueT>(OnMiss action, @Nullable ValueT defaultValue) implements Serializable {

    /** Without a default. */
    static <ValueT> Misses<ValueT> of(OnMiss action) {
        checkArgument(action != OnMiss.DEFAULT, "a default must be given by onMissDefault");
        return new Misses<>(action, null);
    }
}
