package io.millrace.transforms.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.shard.KeyBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of an item, as a fold gave it.
 *
 * @param value what it is; null if it is not there any more
 */
record Folded<ItemT>(
        String key, String item, long version, @Nullable ItemT value) {

    /** All changes of an event: nothing of it is used where the fold then fails. */
    static <EventT, ItemT> List<Folded<ItemT>> by(Fold<EventT, ItemT> fold, EventT event, long version)
            throws UnfoldableException {
        List<Folded<ItemT>> changes = new ArrayList<>(1);
        fold.fold(event, version, new Changes<>() {
            @Override
            public void add(String key, String item, ItemT value, long since) {
                changes.add(new Folded<>(key, item, since, requireNonNull(value, "value")));
            }

            @Override
            public void remove(String key, String item, long since) {
                changes.add(new Folded<>(key, item, since, null));
            }
        });
        return changes;
    }

    KeyBytes keyBytes() {
        return new KeyBytes(key.getBytes(UTF_8));
    }
}
