package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.transforms.DoFn;

/** Puts elements back into their panes, and applies what is said of misses. */
final class SettleFn<InputT, ValueT> extends DoFn<Settled<InputT, ValueT>, Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final Results<InputT, ValueT> results;

    SettleFn(Results<InputT, ValueT> results) {
        this.results = results;
    }

    @ProcessElement
    public void process(@Element Settled<InputT, ValueT> settled, MultiOutputReceiver out) {
        Enriched<InputT, ValueT> enriched = settled.enriched();
        if (enriched == null) {
            results.fail(requireNonNull(settled.failed()), settled.pane(), out);
        } else {
            results.leave(enriched, settled.pane(), out);
        }
    }
}
