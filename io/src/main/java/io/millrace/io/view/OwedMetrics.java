package io.millrace.io.view;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.RouteMetrics;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The counters {@code owed} and {@code owed_settled} beside a route's others: how many values of keys came to be owed to zones, and how many
 * of them are settled. What lies between them is owed.
 */
final class OwedMetrics implements Serializable {
    private static final long serialVersionUID = 1;

    private final Counter owed;
    private final Counter settled;

    OwedMetrics(SinkContext context) {
        String namespace = RouteMetrics.namespace(context.run().pipeline(), context.route());
        this.owed = Metrics.counter(namespace, "owed");
        this.settled = Metrics.counter(namespace, "owed_settled");
    }

    void countOwed() {
        owed.inc();
    }

    void countSettled() {
        settled.inc();
    }
}
