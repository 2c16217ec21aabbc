package io.millrace.testfixtures.state;

import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/** The state of a value, for one key. */
public final class ValueInMemory<T> implements ValueState<T> {
    private @Nullable T value;

    @Override
    public void write(T input) {
        value = input;
    }

    @Override
    public @Nullable T read() {
        return value;
    }

    @Override
    public ValueInMemory<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        value = null;
    }
}
