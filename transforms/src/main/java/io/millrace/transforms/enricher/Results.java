package io.millrace.transforms.enricher;

import io.millrace.transforms.enricher.Enriched.From;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/** Where elements leave to, with their values or without: what is said of misses is applied. */
record Results<InputT, ValueT>(
        TupleTag<Enriched<InputT, ValueT>> results,
        TupleTag<Unenriched<InputT>> deadLetters,
        Misses<ValueT> misses,
        LookupMetrics metrics)
        implements Serializable {

    /** The key of an element; null where it has none, and has left. */
    <KeyT> @Nullable KeyT key(
            SerializableFunction<InputT, @Nullable KeyT> key, InputT input, PaneInfo pane, MultiOutputReceiver out) {
        try {
            KeyT of = key.apply(input);
            if (of == null) {
                fail(new Unenriched<>(input, Reason.KEY_FAILED, "the element has no key"), pane, out);
            }
            return of;
        } catch (KeyFailedException e) {
            fail(new Unenriched<>(input, Reason.KEY_FAILED, Futures.text(e)), pane, out);
            return null;
        }
    }

    void leave(Enriched<InputT, ValueT> enriched, PaneInfo pane, MultiOutputReceiver out) {
        metrics.countAnswers(1);
        if (enriched.value() == null) {
            metrics.countMiss();
            miss(enriched, pane, out);
        } else {
            pass(enriched, pane, out);
        }
    }

    private void miss(Enriched<InputT, ValueT> enriched, PaneInfo pane, MultiOutputReceiver out) {
        switch (misses.action()) {
            case PASS -> pass(enriched, pane, out);
            case DEFAULT ->
                pass(
                        new Enriched<>(
                                enriched.input(),
                                misses.defaultValue(),
                                enriched.obtainedAt(),
                                enriched.age(),
                                From.DEFAULT),
                        pane,
                        out);
            case DROP -> metrics.countDropped();
            case DEAD_LETTER ->
                fail(new Unenriched<>(enriched.input(), Reason.MISSING, "there is nothing of this key"), pane, out);
        }
    }

    private void pass(Enriched<InputT, ValueT> enriched, PaneInfo pane, MultiOutputReceiver out) {
        out.get(results).builder(enriched).setPaneInfo(pane).output();
    }

    void fail(Unenriched<InputT> failed, PaneInfo pane, MultiOutputReceiver out) {
        out.get(deadLetters).builder(failed).setPaneInfo(pane).output();
    }
}
