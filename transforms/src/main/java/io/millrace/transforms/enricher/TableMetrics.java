package io.millrace.transforms.enricher;

import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;

/** What is told of a step's table. What a process did is reported by whichever of its tasks ends a bundle next. */
final class TableMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter loads;
    private final Counter failures;
    private final Gauge rows;
    private final Gauge age;

    TableMetrics(String namespace) {
        this.loads = Metrics.counter(namespace, "table_loads");
        this.failures = Metrics.counter(namespace, "table_loads_failed");
        this.rows = Metrics.gauge(namespace, "table_rows");
        this.age = Metrics.gauge(namespace, "table_age_ms");
    }

    void report(TableLoading<?, ?> loading, long now) {
        loads.inc(loading.loads().sumThenReset());
        failures.inc(loading.failures().sumThenReset());
        Held<?, ?> held = loading.held();
        if (held != null) {
            rows.set(held.table().rows());
            age.set(held.ageMillisAt(now));
        }
    }
}
