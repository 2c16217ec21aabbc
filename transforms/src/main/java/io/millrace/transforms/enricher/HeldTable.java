package io.millrace.transforms.enricher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A table that a process holds, and the thread that loads it. */
final class HeldTable<KeyT, ValueT> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldTable.class);

    /** After so long it is asked again what is due, since a clock may be set. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final TableLoading<KeyT, ValueT> loading;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private HeldTable(TableLoading<KeyT, ValueT> loading, Clock clock, String threadName) {
        this.loading = loading;
        this.clock = clock;
        this.thread = new Thread(this::load, threadName);
        thread.setDaemon(true);
    }

    /** Begins to load a table. */
    static <KeyT, ValueT> HeldTable<KeyT, ValueT> start(
            TableLoading<KeyT, ValueT> loading, Clock clock, String threadName) {
        HeldTable<KeyT, ValueT> table = new HeldTable<>(loading, clock, threadName);
        table.thread.start();
        return table;
    }

    /** The table as it is now; waits for the first one. */
    Held<KeyT, ValueT> get() throws InterruptedException {
        Held<KeyT, ValueT> held = loading.held();
        return held == null ? loading.await() : held;
    }

    TableLoading<KeyT, ValueT> loading() {
        return loading;
    }

    private void load() {
        try {
            Optional<Instant> next = turn();
            while (next.isPresent() && !isClosedBefore(next.get())) {
                next = turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody needs the table
        }
    }

    /** Whatever is thrown must not end the thread: the table would never be loaded again, and nothing would say so. */
    private Optional<Instant> turn() throws InterruptedException {
        try {
            return loading.turn();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: it is gone on after what must not happen", thread.getName(), e);
            return Optional.of(clock.instant().plus(LONGEST_REST));
        }
    }

    private boolean isClosedBefore(Instant next) throws InterruptedException {
        Duration rest = Duration.between(clock.instant(), next);
        Duration shortened = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
        return closed.await(shortened.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the thread; a load that is under way is broken off. */
    @Override
    public void close() {
        loading.close();
        closed.countDown();
        thread.interrupt();
    }
}
