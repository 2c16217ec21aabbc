package io.millrace.transforms.enricher;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a thread had no element to look up; steps that are chained share it, since the work of one is no rest of the other. */
final class Rest {
    private static final long LONG_NANOS = Duration.ofMillis(20).toNanos();
    private static final ThreadLocal<Rest> OF_THREADS = ThreadLocal.withInitial(() -> new Rest(System::nanoTime));

    private final LongSupplier nanos;
    private long since;

    Rest(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** That of the thread in which this is called. */
    static Rest ofThisThread() {
        return OF_THREADS.get();
    }

    /** Whether it is so long that no more elements seem to be waiting. */
    boolean isLong() {
        return nanos.getAsLong() - since > LONG_NANOS;
    }

    /** Begins anew, after work. */
    void begin() {
        since = nanos.getAsLong();
    }
}
