package io.millrace.pipelines.router;

import io.millrace.io.sink.Held;
import java.util.HashSet;
import java.util.Set;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Says of each result whether it must be in the sink, or may be since it is a dead letter; and counts what is given up for good, by
 * whether it is among the dead letters.
 */
final class AccountFn extends DoFn<KV<Integer, CoGbkResult>, KV<Integer, KV<String, Tally>>> {
    static final TupleTag<KV<String, Held>> RESULTS = new TupleTag<>("results");
    static final TupleTag<KV<String, String>> GIVEN_UP = new TupleTag<>("givenUp");
    static final TupleTag<String> STORED = new TupleTag<>("stored");
    static final TupleTag<KV<Integer, KV<String, Tally>>> TALLIES = new TupleTag<>("tallies");
    static final TupleTag<AuditFigures> FIGURES = new TupleTag<>("figures");

    private static final long serialVersionUID = 1;

    private final boolean deadLettersAreKnown;

    AccountFn(boolean deadLettersAreKnown) {
        this.deadLettersAreKnown = deadLettersAreKnown;
    }

    @ProcessElement
    public void process(@Element KV<Integer, CoGbkResult> bucket, MultiOutputReceiver out) {
        CoGbkResult all = bucket.getValue();
        Set<String> stored = new HashSet<>();
        all.getAll(STORED).forEach(stored::add);
        for (KV<String, Held> one : all.getAll(RESULTS)) {
            Held result = one.getValue();
            Tally tally = stored.contains(one.getKey()) ? Tally.ofDeadLettered(result) : Tally.ofRequired(result);
            out.get(TALLIES).output(Buckets.of(result.key(), tally));
        }
        AuditFigures figures = new AuditFigures();
        for (KV<String, String> one : all.getAll(GIVEN_UP)) {
            countGivenUp(one.getValue(), !deadLettersAreKnown || stored.contains(one.getKey()), figures);
        }
        out.get(FIGURES).output(figures);
    }

    private static void countGivenUp(String name, boolean stored, AuditFigures figures) {
        figures.add(AuditFigure.EXPECTED, 1);
        if (stored) {
            figures.add(AuditFigure.DEAD_LETTERED, 1);
        } else {
            figures.add(AuditFigure.MISSING, 1, name);
        }
    }
}
