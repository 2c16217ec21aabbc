package io.millrace.transforms.enricher;

import io.millrace.transforms.event.SystemClock;
import java.util.HashMap;
import java.util.Map;

/** The lookups of this process, and how many tasks use each. */
final class SharedLookups {
    private static final Map<String, Use> LOOKUPS = new HashMap<>();

    private SharedLookups() {}

    /** Opens the lookups of a step, or joins those who have; each closes them. */
    @SuppressWarnings("unchecked") // one step has one kind of key and of value
    static synchronized <KeyT, ValueT> Lookups<KeyT, ValueT> open(LookupSettings<KeyT, ValueT> settings, double share) {
        Use use = LOOKUPS.computeIfAbsent(
                settings.id(), absent -> new Use(new Lookups<>(settings, SystemClock.utc(), System::nanoTime)));
        use.tasks++;
        use.lookups.permits().addShare(share);
        return (Lookups<KeyT, ValueT>) use.lookups;
    }

    static synchronized void close(LookupSettings<?, ?> settings, double share) {
        Use use = LOOKUPS.get(settings.id());
        if (use != null) {
            use.lookups.permits().addShare(-share);
            if (--use.tasks == 0) {
                LOOKUPS.remove(settings.id());
                use.lookups.close();
            }
        }
    }

    private static final class Use {
        private final Lookups<?, ?> lookups;
        private int tasks;

        private Use(Lookups<?, ?> lookups) {
            this.lookups = lookups;
        }
    }
}
