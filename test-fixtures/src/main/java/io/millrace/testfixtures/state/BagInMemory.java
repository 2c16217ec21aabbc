package io.millrace.testfixtures.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;

/** The state of a bag, for one key, which counts what is read. */
public final class BagInMemory<T> implements BagState<T> {
    private final List<T> elements = new ArrayList<>();
    private int reads;

    /** How often it has been read. */
    public int reads() {
        return reads;
    }

    /** How many elements there are. */
    public int size() {
        return elements.size();
    }

    @Override
    public void add(T element) {
        elements.add(element);
    }

    @Override
    public Iterable<T> read() {
        reads++;
        return List.copyOf(elements);
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return ReadableStates.immediate(elements.isEmpty());
    }

    @Override
    public BagState<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        elements.clear();
    }
}
