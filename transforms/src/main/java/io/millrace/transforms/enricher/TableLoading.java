package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.LookupTable.Loaded;
import io.millrace.transforms.enricher.LookupTable.Source;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a table when it is time to: at once, and then at the multiples of a period since 1970, which all processes come to together. What
 * fails is tried again, each time after twice as long: for the first table after 30 seconds at most, for another after an hour at most,
 * and at its next turn at the latest.
 */
final class TableLoading<KeyT, ValueT> {
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT_FOR_A_FIRST = Duration.ofSeconds(30);
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(TableLoading.class);

    private final String name;
    private final Source<KeyT, ValueT> source;
    private final @Nullable Duration period;
    private final Clock clock;
    private final CountDownLatch first = new CountDownLatch(1);
    private final LongAdder loads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable Held<KeyT, ValueT> held;
    private volatile @Nullable Instant checkedAt;
    private volatile boolean closed;
    private Instant due;
    private Duration wait = FIRST_WAIT;
    private @Nullable String lastCause;

    /**
     * Nothing is loaded yet.
     *
     * @param name of the step, for people
     * @param period null for a table that is loaded once
     */
    TableLoading(String name, Source<KeyT, ValueT> source, @Nullable Duration period, Clock clock) {
        this.name = name;
        this.source = source;
        this.period = period;
        this.clock = clock;
        this.due = clock.instant();
    }

    /** The table that is held; null before there is a first. */
    @Nullable Held<KeyT, ValueT> held() {
        return held;
    }

    /**
     * The table that is held, once there is one.
     *
     * @throws InterruptedException also if this is closed before there is one
     */
    Held<KeyT, ValueT> await() throws InterruptedException {
        first.await();
        Held<KeyT, ValueT> there = held;
        if (there == null) {
            throw noLongerNeeded();
        }
        return there;
    }

    private static InterruptedException noLongerNeeded() {
        return new InterruptedException("the table is no longer needed");
    }

    /** When its place was last seen to have the version that is held; null before there is one. */
    @Nullable Instant checkedAt() {
        return checkedAt;
    }

    LongAdder loads() {
        return loads;
    }

    LongAdder failures() {
        return failures;
    }

    /** What is being loaded is of no use any more, and nobody is to wait for it. */
    void close() {
        closed = true;
        first.countDown();
    }

    /**
     * Does what is due; on one thread, again and again.
     *
     * @return when something is due again; nothing where that is never
     */
    Optional<Instant> turn() throws InterruptedException {
        Instant now = clock.instant();
        if (isDue(now)) {
            load(now);
        }
        return period == null && held != null ? Optional.empty() : Optional.of(due);
    }

    /** A clock that was set back must not put off what comes next by more than it would be put off now. */
    private boolean isDue(Instant now) {
        Instant latest = latest(now);
        due = due.isAfter(latest) ? latest : due;
        return !now.isBefore(due);
    }

    private Instant latest(Instant now) {
        if (held == null) {
            return now.plus(LONGEST_WAIT_FOR_A_FIRST);
        }
        return period == null ? Instant.MAX : nextTurn(now);
    }

    private void load(Instant begun) throws InterruptedException {
        Held<KeyT, ValueT> before = held;
        try {
            Optional<Loaded<KeyT, ValueT>> loaded = source.load(before == null ? Source.UNKNOWN : before.version());
            if (loaded.isPresent()) {
                checkHasRows(loaded.get().table());
                hold(loaded.get(), begun);
            }
            checkedAt = begun;
            wait = FIRST_WAIT;
            lastCause = null;
            due = period == null ? Instant.MAX : nextTurn(clock.instant());
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (closed) {
                throw noLongerNeeded();
            }
            failed(before, e);
        }
    }

    private void checkHasRows(LookupTable<?, ?> table) throws IOException {
        if (table.rows() == 0 && !source.mayBeEmpty()) {
            throw new IOException("it has no row, which only a table may that says allowEmpty: true");
        }
    }

    private void hold(Loaded<KeyT, ValueT> loaded, Instant begun) {
        LookupTable<KeyT, ValueT> table = loaded.table();
        if (loaded.doubled() > 0) {
            LOG.warn(
                    "{}: {} rows of {} are not used, since a later row has their key",
                    name,
                    loaded.doubled(),
                    source.place());
        }
        if (table.rows() == 0) {
            LOG.warn("{}: {} has no row, so there is nothing of any key", name, source.place());
        }
        LOG.info(
                "{}: {} rows of {} were loaded in {} ms",
                name,
                table.rows(),
                source.place(),
                Duration.between(begun, clock.instant()).toMillis());
        held = new Held<>(table, loaded.version(), begun);
        loads.increment();
        first.countDown();
    }

    private void failed(@Nullable Held<KeyT, ValueT> before, Throwable failure) {
        failures.increment();
        Instant now = clock.instant();
        due = dueAfterFailure(now, before == null);
        wait = shorter(wait.multipliedBy(2), LONGEST_WAIT);
        String cause = Futures.text(failure);
        String said = before == null
                ? String.format(
                        "%s: there is no table of %s yet, and elements wait for it: %s; the next try is at %s",
                        name, source.place(), cause, due)
                : String.format(
                        "%s: the table of %s could not be loaded again: %s; the one that is used is %s old, the next try is at %s",
                        name, source.place(), cause, Duration.ofMillis(before.ageMillisAt(now.toEpochMilli())), due);
        say(said, cause);
        LOG.debug("{}: it failed here", name, failure);
    }

    /** A person is to know of it once; of further tries that fail likewise, the log. */
    private void say(String failed, String cause) {
        if (cause.equals(lastCause)) {
            LOG.info(failed);
        } else {
            LOG.warn(failed);
        }
        lastCause = cause;
    }

    private Instant dueAfterFailure(Instant now, boolean isFirst) {
        if (isFirst) {
            wait = shorter(wait, LONGEST_WAIT_FOR_A_FIRST);
            return now.plus(wait);
        }
        Instant turn = nextTurn(now);
        Instant soon = now.plus(wait);
        return soon.isBefore(turn) ? soon : turn;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The next multiple of the period. */
    private Instant nextTurn(Instant now) {
        long millis = requireNonNull(period).toMillis();
        return Instant.ofEpochMilli((Math.floorDiv(now.toEpochMilli(), millis) + 1) * millis);
    }
}
