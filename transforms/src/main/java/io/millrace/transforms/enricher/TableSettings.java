package io.millrace.transforms.enricher;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the table of a step is like. Equal ones are of one step.
 *
 * @param id tells the step from all others of the process
 * @param name the step's name, for threads and logs
 * @param source where the table is from
 * @param reloadEvery after how long it is looked for another; null for a table that is loaded once
 */
record TableSettings<KeyT, ValueT>(
        String id,
        String name,
        LookupTable.Source<KeyT, ValueT> source,
        @Nullable Duration reloadEvery) implements Serializable {

    HeldTable<KeyT, ValueT> start(Clock clock) {
        return HeldTable.start(new TableLoading<>(name, source, reloadEvery, clock), clock, "millrace-table-" + name);
    }

    /** Sources need not be equal to copies of themselves. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TableSettings<?, ?> that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
