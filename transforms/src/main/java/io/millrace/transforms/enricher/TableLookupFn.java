package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.jspecify.annotations.Nullable;

/** Looks keys of elements up in a table that all tasks of the process share. */
final class TableLookupFn<InputT, KeyT, ValueT> extends DoFn<InputT, Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final TableInProcess<KeyT, ValueT> table;
    private final Results<InputT, ValueT> results;

    TableLookupFn(
            SerializableFunction<InputT, @Nullable KeyT> key,
            TableInProcess<KeyT, ValueT> table,
            Results<InputT, ValueT> results) {
        this.key = key;
        this.table = table;
        this.results = results;
    }

    @Setup
    public void setUp() {
        table.open();
    }

    @ProcessElement
    public void process(@Element InputT input, PaneInfo pane, MultiOutputReceiver out) throws InterruptedException {
        KeyT of = results.key(key, input, pane, out);
        if (of != null) {
            results.leave(lookUp(input, of), pane, out);
        }
    }

    private Enriched<InputT, ValueT> lookUp(InputT input, KeyT of) throws InterruptedException {
        Held<KeyT, ValueT> held = table.held();
        Duration age = Duration.ofMillis(table.ageMillis(held));
        return new Enriched<>(input, held.table().get(of), held.loadedAt(), age, From.TABLE);
    }

    @FinishBundle
    public void finishBundle() {
        table.report();
    }

    @Teardown
    public void close() {
        table.close();
    }
}
