package io.millrace.transforms.enricher;

import java.io.Serializable;
import java.time.Instant;
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
    private final Gauge checked;

    TableMetrics(String namespace) {
        this.loads = Metrics.counter(namespace, "table_loads");
        this.failures = Metrics.counter(namespace, "table_loads_failed");
        this.rows = Metrics.gauge(namespace, "table_rows");
        this.age = Metrics.gauge(namespace, "table_age_ms");
        this.checked = Metrics.gauge(namespace, "table_checked_ms");
    }

    void report(TableLoading<?, ?> loading, long now) {
        loads.inc(loading.loads().sumThenReset());
        failures.inc(loading.failures().sumThenReset());
        Held<?, ?> held = loading.held();
        if (held != null) {
            rows.set(held.table().rows());
            age.set(held.ageMillisAt(now));
        }
        Instant checkedAt = loading.checkedAt();
        if (checkedAt != null) {
            checked.set(Math.max(0, now - checkedAt.toEpochMilli()));
        }
    }
}
