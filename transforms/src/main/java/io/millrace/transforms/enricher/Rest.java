package io.millrace.transforms.enricher;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time in which a thread had no element to look up; steps that are chained share it, since the work of one is no rest of the other. Half
 * of it may be spent on waiting for answers: a thread that had so little to do can afford it, and no other element may come soon with which
 * they could leave.
 */
final class Rest {
    private static final long LONG_NANOS = Duration.ofMillis(20).toNanos();
    private static final long MOST_SAVED_NANOS = Duration.ofMillis(500).toNanos();
    private static final ThreadLocal<Rest> OF_THREADS = ThreadLocal.withInitial(() -> new Rest(System::nanoTime));

    private final LongSupplier nanos;
    private long begun;
    private long saved;

    Rest(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /** That of the thread in which this is called. */
    static Rest ofThisThread() {
        return OF_THREADS.get();
    }

    /** Ends it, since there is an element, and gives the time; what is too short is no rest. */
    long end() {
        long now = nanos.getAsLong();
        long rested = now - begun;
        if (rested > LONG_NANOS) {
            saved = Math.min(saved + rested / 2, MOST_SAVED_NANOS);
        }
        begun = now;
        return now;
    }

    /** For how long may still be waited, of one who waits since a time. */
    long left(long since) {
        return saved - (nanos.getAsLong() - since);
    }

    /** Spends what has gone by since a time. */
    void spend(long since) {
        saved = Math.max(0, left(since));
    }

    /** Begins anew, after work. */
    void begin() {
        begun = nanos.getAsLong();
    }
}
