package io.millrace.pipelines.enrich;

import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.Enriched;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Puts answers into the documents of their events, and their age into a header. */
final class PlaceFn extends DoFn<Enriched<Asked, byte[]>, Event> {
    private static final long serialVersionUID = 1;

    private final String into;
    private final OnMiss onMiss;
    private final GivingUp givingUp;
    private transient @Nullable Placing placing;

    PlaceFn(String into, OnMiss onMiss, GivingUp givingUp) {
        this.into = into;
        this.onMiss = onMiss;
        this.givingUp = givingUp;
    }

    @Setup
    public void setUp() {
        placing = new Placing(into);
    }

    @ProcessElement
    public void process(@Element Enriched<Asked, byte[]> enriched, @Timestamp Instant time, MultiOutputReceiver out) {
        Event event = enriched.input().event();
        byte[] value = enriched.value();
        if (value == null && onMiss == OnMiss.DROP) {
            givingUp.metrics().countFiltered(1);
            return;
        }
        try {
            out.get(EnrichEvents.RESULTS)
                    .output(requireNonNull(placing)
                            .placed(event, value, enriched.age().toMillis()));
        } catch (EvaluationException e) {
            givingUp.failed(event, e, time)
                    .ifPresent(deadLetter -> out.get(EnrichEvents.DEAD_LETTERS).output(deadLetter));
        }
    }
}
