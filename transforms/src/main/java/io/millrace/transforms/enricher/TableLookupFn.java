package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.TableLoading.Held;
import io.millrace.transforms.event.SharedInProcess;
import java.time.Clock;
import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.jspecify.annotations.Nullable;

/** Looks keys of elements up in a table that all tasks of the process share. */
final class TableLookupFn<InputT, KeyT, ValueT> extends DoFn<InputT, Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;
    private static final SharedInProcess<TableSettings<?, ?>, HeldTable<?, ?>> SHARED = new SharedInProcess<>();

    private final SerializableFunction<InputT, @Nullable KeyT> key;
    private final TableSettings<KeyT, ValueT> settings;
    private final Clock clock;
    private final Results<InputT, ValueT> results;
    private final TableMetrics metrics;
    private transient @Nullable HeldTable<KeyT, ValueT> table;

    TableLookupFn(
            SerializableFunction<InputT, @Nullable KeyT> key,
            TableSettings<KeyT, ValueT> settings,
            Clock clock,
            Results<InputT, ValueT> results,
            TableMetrics metrics) {
        this.key = key;
        this.settings = settings;
        this.clock = clock;
        this.results = results;
        this.metrics = metrics;
    }

    @Setup
    @SuppressWarnings("unchecked") // one step has one kind of key and of value
    public void setUp() {
        table = (HeldTable<KeyT, ValueT>) SHARED.open(settings, () -> settings.start(clock));
    }

    @ProcessElement
    public void process(@Element InputT input, PaneInfo pane, MultiOutputReceiver out) throws InterruptedException {
        KeyT of = results.key(key, input, pane, out);
        if (of != null) {
            results.leave(lookUp(input, of), pane, out);
        }
    }

    private Enriched<InputT, ValueT> lookUp(InputT input, KeyT of) throws InterruptedException {
        Held<KeyT, ValueT> held = requireNonNull(table).get();
        Duration age = Duration.ofMillis(held.ageMillisAt(clock.millis()));
        return new Enriched<>(input, held.table().get(of), held.loadedAt(), age, From.TABLE);
    }

    @FinishBundle
    public void finishBundle() {
        metrics.report(requireNonNull(table).loading(), clock.millis());
    }

    @Teardown
    public void close() {
        if (table != null) {
            table = null;
            SHARED.close(settings, HeldTable::close);
        }
    }
}
