package io.millrace.testfixtures.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;

/** The state of a map, for one key, which counts what is read. Its entries come in no order. */
public final class MapInMemory<K, V> implements MapState<K, V> {
    private final Map<K, V> entries = new HashMap<>();
    private int reads;
    private int listings;

    /** How often a value has been read. */
    public int reads() {
        return reads;
    }

    /** How often all of it has been listed. */
    public int listings() {
        return listings;
    }

    /** How many entries there are. */
    public int size() {
        return entries.size();
    }

    @Override
    public void put(K key, V value) {
        entries.put(key, value);
    }

    @Override
    public ReadableState<V> computeIfAbsent(K key, Function<? super K, ? extends V> function) {
        return ReadableStates.immediate(entries.computeIfAbsent(key, function));
    }

    @Override
    public void remove(K key) {
        entries.remove(key);
    }

    @Override
    public ReadableState<V> get(K key) {
        reads++;
        return ReadableStates.immediate(entries.get(key));
    }

    @Override
    public ReadableState<V> getOrDefault(K key, V defaultValue) {
        return ReadableStates.immediate(entries.getOrDefault(key, defaultValue));
    }

    @Override
    public ReadableState<Iterable<K>> keys() {
        listings++;
        return ReadableStates.immediate(List.copyOf(entries.keySet()));
    }

    @Override
    public ReadableState<Iterable<V>> values() {
        return ReadableStates.immediate(List.copyOf(entries.values()));
    }

    @Override
    public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
        listings++;
        return ReadableStates.immediate(List.copyOf(entries.entrySet()));
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return ReadableStates.immediate(entries.isEmpty());
    }

    @Override
    public void clear() {
        entries.clear();
    }
}
