package io.millrace.pipelines.router;

import io.millrace.transforms.event.ResultId;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Puts together what there is of each key, and sums up what that says. What is another route's result by its key is passed over. */
final class CompareFn extends DoFn<KV<Integer, Iterable<KV<String, Tally>>>, AuditFigures> {
    private static final long serialVersionUID = 1;

    private final String route;

    CompareFn(String route) {
        this.route = route;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<KV<String, Tally>>> bucket, OutputReceiver<AuditFigures> out) {
        Map<String, Tally> byKey = new HashMap<>();
        bucket.getValue().forEach(part -> byKey.merge(part.getKey(), part.getValue(), Tally::and));
        AuditFigures figures = new AuditFigures();
        byKey.forEach((key, tally) -> {
            if (tally.isExpected() || !isOfAnotherRoute(key)) {
                tally.addTo(figures);
            }
        });
        out.output(figures);
    }

    private boolean isOfAnotherRoute(String key) {
        try {
            return !ResultId.parse(key).step().equals(route);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
