package io.millrace.transforms.event;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What tasks of a process share, by a key: made for the first of them, and ended with the last. A transform's field of this kind is
 * static, so that copies of its functions find each other.
 */
public final class SharedInProcess<KeyT, ValueT> {
    private final Map<KeyT, Use<ValueT>> uses = new HashMap<>();

    /** Joins those who share what belongs to the key; each leaves it by {@link #close}. */
    public synchronized ValueT open(KeyT key, Supplier<ValueT> make) {
        Use<ValueT> use = uses.computeIfAbsent(key, absent -> new Use<>(make.get()));
        use.tasks++;
        return use.shared;
    }

    /** Leaves what belongs to the key; the last one ends it, which may take its time: nobody else waits for that. */
    public void close(KeyT key, Consumer<ValueT> end) {
        leave(key).ifPresent(end);
    }

    private synchronized Optional<ValueT> leave(KeyT key) {
        Use<ValueT> use = uses.get(key);
        if (use == null || --use.tasks > 0) {
            return Optional.empty();
        }
        uses.remove(key);
        return Optional.of(use.shared);
    }

    private static final class Use<ValueT> {
        private final ValueT shared;
        private int tasks;

        private Use(ValueT shared) {
            this.shared = shared;
        }
    }
}
