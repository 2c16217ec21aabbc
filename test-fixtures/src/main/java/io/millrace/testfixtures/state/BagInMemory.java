package io.millrace.testfixtures.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;

/** The state of a bag, for one key. */
public final class BagInMemory<T> implements BagState<T> {
    private final List<T> elements = new ArrayList<>();

    @Override
    public void add(T element) {
        elements.add(element);
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return ReadableStates.immediate(elements.isEmpty());
    }

    @Override
    public Iterable<T> read() {
        return List.copyOf(elements);
    }

    @Override
    public BagInMemory<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        elements.clear();
    }
}
