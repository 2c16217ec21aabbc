package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.SharedInProcess;
import io.millrace.transforms.event.SystemClock;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table that all tasks of a step share in a process, for a step that looks into it itself: {@link EnrichFromTable} does so for any
 * elements. A task opens it when it is set up, closes it at its end, and reports at the end of each bundle.
 */
public final class TableInProcess<KeyT, ValueT> implements Serializable {
    private static final long serialVersionUID = 1;
    private static final SharedInProcess<String, HeldTable<?, ?>> SHARED = new SharedInProcess<>();

    private final String id = UUID.randomUUID().toString();
    private final String name;
    private final LookupTable.Source<KeyT, ValueT> source;
    private final @Nullable Duration reloadEvery;
    private final Clock clock;
    private final TableMetrics metrics;
    private final LookupMetrics lookups;
    private transient @Nullable HeldTable<KeyT, ValueT> table;
    private transient long answers;

    TableInProcess(String name, LookupTable.Source<KeyT, ValueT> source, @Nullable Duration reloadEvery, Clock clock) {
        this.name = name;
        this.source = source;
        this.reloadEvery = reloadEvery;
        this.clock = clock;
        this.metrics = new TableMetrics(name);
        this.lookups = new LookupMetrics(name);
    }

    /**
     * The table of one step.
     *
     * @param name the namespace of its metrics, and for people
     * @param source where it is loaded from
     * @param reloadEvery after how long it is looked for another; null for a table that is loaded once
     */
    public static <KeyT, ValueT> TableInProcess<KeyT, ValueT> of(
            String name, LookupTable.Source<KeyT, ValueT> source, @Nullable Duration reloadEvery) {
        return new TableInProcess<>(name, source, reloadEvery, SystemClock.utc());
    }

    /** Joins the tasks that share it; the first one has it loaded. */
    @SuppressWarnings("unchecked") // one step has one kind of key and of value
    public void open() {
        table = (HeldTable<KeyT, ValueT>) SHARED.open(
                id,
                () -> HeldTable.start(
                        new TableLoading<>(name, source, reloadEvery, clock), clock, "millrace-table-" + name));
    }

    /** The table as it is now; waits for the first one. */
    public Held<KeyT, ValueT> held() throws InterruptedException {
        return requireNonNull(table).get();
    }

    /** How old a table is now, in milliseconds. */
    public long ageMillis(Held<KeyT, ValueT> held) {
        return held.ageMillisAt(clock.millis());
    }

    /** Counts a key that was looked up; once a bundle, since there are many. */
    public void countAnswer() {
        answers++;
    }

    /** Counts a key of which there is nothing. */
    public void countMiss() {
        lookups.countMiss();
    }

    /** Reports what the process did. */
    public void report() {
        metrics.report(requireNonNull(table).loading(), clock.millis());
        lookups.countAnswers(answers);
        answers = 0;
    }

    /** Leaves those who share it; the last one ends the thread that loads. */
    public void close() {
        if (table != null) {
            table = null;
            SHARED.close(id, HeldTable::close);
        }
    }
}
