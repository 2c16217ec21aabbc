package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.view.ViewStore;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.RouteValue;
import io.millrace.pipelines.view.StoredView;
import io.millrace.pipelines.view.StoredView.Found;
import java.io.Closeable;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What all routes of a view have written, of those whose sinks can be read again. */
final class StoredViews implements Closeable {
    private final List<StoredView> stores;

    private StoredViews(List<StoredView> stores) {
        this.stores = stores;
    }

    /** Where a view is stored; a problem if no route stores it where it can be read. */
    static Optional<StoredViews> of(AskedView view, Problems problems) {
        List<StoredView> stores = new ArrayList<>();
        for (RouteSpec route : view.spec().routes()) {
            if (route.reads(view.name())) {
                Optional<ViewStore> store = route.sink().viewStore();
                store.ifPresent(one -> stores.add(new StoredView(route.name(), RouteValue.of(route), one)));
            }
        }
        if (stores.isEmpty()) {
            problems.add(
                    "routes",
                    "must have one that writes view " + view.name() + " to a store that can be read, such as evcache");
            return Optional.empty();
        }
        return Optional.of(new StoredViews(stores));
    }

    /** Looks keys up wherever they are stored; where that cannot be read, they are not known. */
    List<Found> compare(Collection<Answer.Told> told) throws InterruptedIOException {
        List<Found> found = new ArrayList<>();
        for (StoredView store : stores) {
            found.addAll(store.compare(told));
        }
        return found;
    }

    @Override
    public void close() {
        stores.forEach(StoredView::close);
    }
}
