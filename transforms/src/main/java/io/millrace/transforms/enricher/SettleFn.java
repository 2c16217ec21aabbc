package io.millrace.transforms.enricher;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.Unenriched.Reason;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;

/** Puts elements back into their panes, and applies what is said of misses. */
final class SettleFn<InputT, ValueT> extends DoFn<Settled<InputT, ValueT>, Enriched<InputT, ValueT>> {
    private static final long serialVersionUID = 1;

    private final TupleTag<Enriched<InputT, ValueT>> results;
    private final TupleTag<Unenriched<InputT>> deadLetters;
    private final Misses<ValueT> misses;
    private final LookupMetrics metrics;

    SettleFn(
            TupleTag<Enriched<InputT, ValueT>> results,
            TupleTag<Unenriched<InputT>> deadLetters,
            Misses<ValueT> misses,
            LookupMetrics metrics) {
        this.results = results;
        this.deadLetters = deadLetters;
        this.misses = misses;
        this.metrics = metrics;
    }

    @ProcessElement
    public void process(@Element Settled<InputT, ValueT> settled, MultiOutputReceiver out) {
        Enriched<InputT, ValueT> enriched = settled.enriched();
        if (enriched == null) {
            fail(requireNonNull(settled.failed()), settled, out);
        } else if (enriched.value() != null) {
            pass(enriched, settled, out);
        } else {
            metrics.countMiss();
            miss(enriched, settled, out);
        }
    }

    private void miss(Enriched<InputT, ValueT> enriched, Settled<InputT, ValueT> settled, MultiOutputReceiver out) {
        switch (misses.action()) {
            case PASS -> pass(enriched, settled, out);
            case DEFAULT ->
                pass(
                        new Enriched<>(
                                enriched.input(),
                                misses.defaultValue(),
                                enriched.obtainedAt(),
                                enriched.age(),
                                From.DEFAULT),
                        settled,
                        out);
            case DROP -> metrics.countDropped();
            case DEAD_LETTER ->
                fail(
                        new Unenriched<>(enriched.input(), Reason.MISSING, "there is nothing of the element's key"),
                        settled,
                        out);
        }
    }

    private void pass(Enriched<InputT, ValueT> enriched, Settled<InputT, ValueT> settled, MultiOutputReceiver out) {
        out.get(results).builder(enriched).setPaneInfo(settled.pane()).output();
    }

    private void fail(Unenriched<InputT> failed, Settled<InputT, ValueT> settled, MultiOutputReceiver out) {
        out.get(deadLetters).builder(failed).setPaneInfo(settled.pane()).output();
    }
}
