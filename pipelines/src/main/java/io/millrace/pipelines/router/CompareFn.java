package io.millrace.pipelines.router;

import static java.util.Objects.requireNonNull;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/** Sums up what tallies say, a bundle at a time. */
final class CompareFn extends DoFn<KV<String, Tally>, AuditFigures> {
    private static final long serialVersionUID = 1;

    private transient @Nullable AuditFigures figures;

    @StartBundle
    public void startBundle() {
        figures = new AuditFigures();
    }

    @ProcessElement
    public void process(@Element KV<String, Tally> tally) {
        tally.getValue().addTo(requireNonNull(figures));
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext bundle) {
        bundle.output(requireNonNull(figures), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE);
    }
}
