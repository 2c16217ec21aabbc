package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.Iterables;
import io.millrace.io.sink.Held;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Says of each result whether it must be in the sink, or may be since it is a dead letter; and counts what is given up for good, by
 * whether it is among the dead letters.
 */
final class AccountFn extends DoFn<KV<String, CoGbkResult>, KV<String, Tally>> {
    static final TupleTag<Held> RESULTS = new TupleTag<>("results");
    static final TupleTag<String> GIVEN_UP = new TupleTag<>("givenUp");
    static final TupleTag<String> STORED = new TupleTag<>("stored");
    static final TupleTag<KV<String, Tally>> TALLIES = new TupleTag<>("tallies");
    static final TupleTag<AuditFigures> FIGURES = new TupleTag<>("figures");

    private static final long serialVersionUID = 1;

    private final boolean deadLettersAreKnown;
    private transient @Nullable AuditFigures figures;

    AccountFn(boolean deadLettersAreKnown) {
        this.deadLettersAreKnown = deadLettersAreKnown;
    }

    @StartBundle
    public void startBundle() {
        figures = new AuditFigures();
    }

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> one, MultiOutputReceiver out) {
        boolean stored = !Iterables.isEmpty(one.getValue().getAll(STORED));
        for (Held result : one.getValue().getAll(RESULTS)) {
            out.get(TALLIES)
                    .output(KV.of(result.key(), stored ? Tally.ofDeadLettered(result) : Tally.ofRequired(result)));
        }
        for (String name : one.getValue().getAll(GIVEN_UP)) {
            countGivenUp(name, stored || !deadLettersAreKnown, requireNonNull(figures));
        }
    }

    private static void countGivenUp(String name, boolean stored, AuditFigures figures) {
        figures.add(AuditFigure.EXPECTED, 1);
        if (stored) {
            figures.add(AuditFigure.DEAD_LETTERED, 1);
        } else {
            figures.add(AuditFigure.MISSING, 1, name);
        }
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext bundle) {
        bundle.output(FIGURES, requireNonNull(figures), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
}
