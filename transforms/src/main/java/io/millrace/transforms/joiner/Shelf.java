package io.millrace.transforms.joiner;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.shard.KeyBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.state.MapState;
import org.jspecify.annotations.Nullable;

/** The pages of the keys of a shard. Those in use are read once for a batch, and written when all of it is, by {@link #close()}. */
final class Shelf {
    private final MapState<KeyBytes, byte[]> pages;
    private final MapState<PageNumber, Entries> earlier;
    private final Map<KeyBytes, InUse> inUse = new HashMap<>();

    Shelf(MapState<KeyBytes, byte[]> pages, MapState<PageNumber, Entries> earlier) {
        this.pages = pages;
        this.earlier = earlier;
    }

    private static final class InUse {
        private final boolean wasThere;
        private @Nullable Page page;
        private boolean isChanged;

        InUse(@Nullable Page page) {
            this.wasThere = page != null;
            this.page = page;
        }
    }

    /** The page in use of a key; null where nothing is kept of it. */
    @Nullable Page page(KeyBytes key) {
        return inUse(key).page;
    }

    private InUse inUse(KeyBytes key) {
        InUse known = inUse.get(key);
        if (known == null) {
            byte[] kept = pages.get(key).read();
            known = new InUse(kept == null ? null : Page.of(kept));
            inUse.put(key, known);
        }
        return known;
    }

    void put(KeyBytes key, Page page) {
        change(key, page);
    }

    void remove(KeyBytes key) {
        change(key, null);
    }

    private void change(KeyBytes key, @Nullable Page page) {
        InUse known = inUse(key);
        known.page = page;
        known.isChanged = true;
    }

    /** What is on the pages before this one. */
    List<Entries> earlier(KeyBytes key, Page page) {
        List<Entries> all = new ArrayList<>(page.earlierPages());
        for (int number = 0; number < page.earlierPages(); number++) {
            all.add(requireNonNull(earlier.get(new PageNumber(key, number)).read()));
        }
        return all;
    }

    /** Keeps what is on a page as one that is before the next. */
    void addEarlier(KeyBytes key, Page page) {
        earlier.put(new PageNumber(key, page.earlierPages()), page.entries());
    }

    void clearEarlier(KeyBytes key, Page page) {
        for (int number = 0; number < page.earlierPages(); number++) {
            earlier.remove(new PageNumber(key, number));
        }
    }

    /** Writes the pages that have changed. */
    void close() {
        inUse.forEach((key, known) -> {
            Page page = known.isChanged ? known.page : null;
            if (page != null) {
                pages.put(key, page.bytes());
            } else if (known.isChanged && known.wasThere) {
                pages.remove(key);
            }
        });
    }
}
