package io.millrace.transforms.script.version;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is known of a control log: one thread reads, one decides on what was read, and tasks wait for both. */
final class Knowledge {
    private static final long MARGIN_MILLIS = VersionBook.LEAD.toMillis() / 2; // for clocks and brokers

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Undecided> undecided = new ArrayDeque<>();
    private boolean wasRead;
    private int historyLeft;
    private long historyDecided;
    private @Nullable Throwable outage;
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    Snapshot snapshot() {
        return snapshot;
    }

    /** Takes what was read, of a log that was asked at that time; gives whether it could not be read before. */
    boolean took(ControlLog.Read read, long asked) {
        lock.lock();
        try {
            boolean again = outage != null;
            outage = null;
            read.entries().forEach(entry -> undecided.add(new Undecided(entry)));
            historyLeft += wasRead ? 0 : read.entries().size();
            wasRead |= read.complete();
            publish(snapshot.timeline(), read.complete() ? asked : snapshot.askedMillis());
            return again;
        } finally {
            lock.unlock();
        }
    }

    /** Takes that the log could not be read; gives whether it could before. */
    boolean failed(Throwable why) {
        lock.lock();
        try {
            boolean first = outage == null;
            outage = why;
            changed.signalAll();
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The next entry to decide on; null where there is none. */
    @Nullable Undecided next() {
        lock.lock();
        try {
            return undecided.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Takes that the next entry is decided on, and what is in force by now; gives whether it was there at the start. */
    boolean decided(Timeline timeline) {
        lock.lock();
        try {
            boolean history = historyLeft > 0;
            undecided.remove();
            historyLeft -= history ? 1 : 0;
            historyDecided += history ? 1 : 0;
            publish(timeline, snapshot.askedMillis());
            return history;
        } finally {
            lock.unlock();
        }
    }

    private void publish(Timeline timeline, long asked) {
        boolean ready = wasRead && historyLeft == 0;
        long known = ready ? Math.max(snapshot.knownUpTo(), knownUpTo(asked)) : Long.MIN_VALUE;
        snapshot = new Snapshot(timeline, ready, known, asked);
        changed.signalAll();
    }

    /** Events before the time of an undecided record have their versions whatever becomes of it. */
    private long knownUpTo(long asked) {
        long known = asked + MARGIN_MILLIS;
        for (Undecided entry : undecided) {
            known = Math.min(known, entry.mayChangeFrom() - 1);
        }
        return known;
    }

    /** Whether an event's version can be known after this time of waiting at most. */
    static boolean isWithin(long millis, long now, long waitMillis) {
        return millis - MARGIN_MILLIS <= now + waitMillis;
    }

    void lock() throws InterruptedException {
        lock.lockInterruptibly();
    }

    void unlock() {
        lock.unlock();
    }

    /** With the lock: waits until something changes. */
    long await(long nanos) throws InterruptedException {
        return changed.awaitNanos(nanos);
    }

    /** With the lock: how many entries are decided on of those that were there at the start. */
    long historyDecided() {
        return historyDecided;
    }

    /** With the lock: why the log cannot be read; null where it can. */
    @Nullable Throwable outage() {
        return outage;
    }

    /** With the lock: why there is no version, after a time of waiting. */
    String want() {
        if (outage != null) {
            return "it could not be read";
        }
        return !wasRead ? "it was not read to its end" : historyLeft > 0 ? "no record was decided on" : "it had none";
    }
}
