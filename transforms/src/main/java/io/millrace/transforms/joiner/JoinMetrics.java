package io.millrace.transforms.joiner;

import io.millrace.transforms.joiner.Refused.Reason;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** The counters of a join: of what is rare, since a counter costs as much as a small step does. */
final class JoinMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter late;
    private final Counter overLimit;
    private final Counter withoutTime;
    private final Counter duplicates;
    private final Counter corrections;

    JoinMetrics(String namespace) {
        this.late = Metrics.counter(namespace, "join_late");
        this.overLimit = Metrics.counter(namespace, "join_over_limit");
        this.withoutTime = Metrics.counter(namespace, "join_without_time");
        this.duplicates = Metrics.counter(namespace, "join_duplicates");
        this.corrections = Metrics.counter(namespace, "join_corrections");
    }

    /** An element was not taken in. */
    void countRefused(Reason reason) {
        switch (reason) {
            case LATE -> late.inc();
            case OVER_LIMIT -> overLimit.inc();
            case NO_TIME -> withoutTime.inc();
        }
    }

    /** An element was there already. */
    void countDuplicate() {
        duplicates.inc();
    }

    /** A result took the place of one that had left on match, or took it back. */
    void countCorrection() {
        corrections.inc();
    }
}
