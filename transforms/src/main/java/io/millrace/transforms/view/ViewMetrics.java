package io.millrace.transforms.view;

import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** The counters of a view: of what is rare, since a counter costs as much as a small step does. */
final class ViewMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter outdated;
    private final Counter unfoldable;
    private final Counter overLimit;
    private final Counter publishes;
    private final Counter brokenOff;

    ViewMetrics(String namespace) {
        this.outdated = Metrics.counter(namespace, "view_outdated");
        this.unfoldable = Metrics.counter(namespace, "view_unfoldable");
        this.overLimit = Metrics.counter(namespace, "view_over_limit");
        this.publishes = Metrics.counter(namespace, "view_publishes");
        this.brokenOff = Metrics.counter(namespace, "view_publishes_broken_off");
    }

    /** A change was older than what was known. */
    void countOutdated() {
        outdated.inc();
    }

    /** The fold could not use an event or an entry. */
    void countUnfoldable() {
        unfoldable.inc();
    }

    /** A key had too much. */
    void countOverLimit() {
        overLimit.inc();
    }

    /** A full publish was read to its end. */
    void countPublish() {
        publishes.inc();
    }

    /** A full publish was not, or had entries that could not be used. */
    void countBrokenOff() {
        brokenOff.inc();
    }
}
