package io.millrace.pipelines.router;

import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Puts together what there is of each key, and sums up what that says. */
final class CompareFn extends DoFn<KV<Integer, Iterable<KV<String, Tally>>>, AuditFigures> {
    private static final long serialVersionUID = 1;

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<KV<String, Tally>>> bucket, OutputReceiver<AuditFigures> out) {
        Map<String, Tally> byKey = new HashMap<>();
        bucket.getValue().forEach(part -> byKey.merge(part.getKey(), part.getValue(), Tally::and));
        AuditFigures figures = new AuditFigures();
        byKey.values().forEach(tally -> tally.addTo(figures));
        out.output(figures);
    }
}
