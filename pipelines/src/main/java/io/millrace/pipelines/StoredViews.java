package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.RouteValue;
import io.millrace.pipelines.view.StoredView;
import io.millrace.pipelines.view.StoredView.Found;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all routes of a view have written, of those whose sinks can be read again. */
final class StoredViews implements Closeable {
    private final List<StoredView> stores;

    private StoredViews(List<StoredView> stores) {
        this.stores = stores;
    }

    /** Where a view is stored; a problem if no route stores it where it can be read. */
    static Optional<StoredViews> of(AskedView view, Problems problems) {
        Optional<StoredViews> stores = of(view.name(), view.spec().routes());
        if (stores.isEmpty()) {
            problems.add(
                    "routes",
                    "must have one that writes view " + view.name() + " to a store that can be read, such as evcache");
        }
        return stores;
    }

    /** Where routes store a view of a name; nothing if none of them does where it can be read. */
    static Optional<StoredViews> of(String view, Collection<RouteSpec> routes) {
        List<StoredView> stores = new ArrayList<>();
        for (RouteSpec route : routes) {
            if (route.reads(view)) {
                Optional<ViewStore> store = route.sink().viewStore();
                store.ifPresent(one -> stores.add(new StoredView(route.name(), RouteValue.of(route), one)));
            }
        }
        return stores.isEmpty() ? Optional.empty() : Optional.of(new StoredViews(stores));
    }

    /** Looks keys up wherever they are stored; where that cannot be read, they are not known. */
    List<Found> compare(Collection<Answer.Told> told) throws InterruptedIOException {
        List<Found> found = new ArrayList<>();
        for (StoredView store : stores) {
            found.addAll(store.compare(told));
        }
        return found;
    }

    /** Whether a key can be stored anywhere. */
    boolean canHave(String key) {
        return stores.stream().anyMatch(store -> store.canHave(key));
    }

    /** What is stored of keys now, wherever that is; fails where some of it cannot be read. */
    Seen see(Collection<String> keys) throws IOException {
        Map<StoredView, Map<String, Map<String, Stored>>> seen = new LinkedHashMap<>();
        for (StoredView store : stores) {
            seen.put(store, store.see(keys));
        }
        return new Seen(seen);
    }

    /** What was stored of keys, by place and zone. */
    record Seen(Map<StoredView, Map<String, Map<String, Stored>>> byStore) {

        /** Whether anything was stored of a key. */
        boolean has(String key) {
            return byStore.values().stream()
                    .flatMap(zones -> zones.values().stream())
                    .anyMatch(zone -> zone.containsKey(key));
        }
    }

    /** Deletes what was seen of a key wherever it is stored; whether nothing has come in its place meanwhile. */
    boolean delete(String key, Seen seen) throws IOException {
        boolean all = true;
        for (StoredView store : stores) {
            all &= store.delete(key, seen.byStore().getOrDefault(store, Map.of()));
        }
        return all;
    }

    @Override
    public void close() {
        stores.forEach(StoredView::close);
    }
}
