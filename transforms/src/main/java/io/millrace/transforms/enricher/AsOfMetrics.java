package io.millrace.transforms.enricher;

import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** The counters of a step that looks up in a changelog. */
final class AsOfMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter waited;
    private final Counter late;
    private final Counter lateChanges;
    private final Counter outdatedChanges;

    AsOfMetrics(String namespace) {
        this.waited = Metrics.counter(namespace, "lookup_waited");
        this.late = Metrics.counter(namespace, "lookup_late");
        this.lateChanges = Metrics.counter(namespace, "lookup_late_changes");
        this.outdatedChanges = Metrics.counter(namespace, "lookup_outdated_changes");
    }

    /** An element waits for the watermark. */
    void countWaited() {
        waited.inc();
    }

    /** An element came too late. */
    void countLate() {
        late.inc();
    }

    /** A change came behind the watermark: elements may have left without it. */
    void countLateChange() {
        lateChanges.inc();
    }

    /** A change is older than what no element can do without, and so is of no use. */
    void countOutdatedChange() {
        outdatedChanges.inc();
    }
}
