package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TextExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Computes what is to be looked up for events. */
final class AskFn extends DoFn<Event, Asked> {
    private static final long serialVersionUID = 1;

    private final TextExpression key;
    private final GivingUp givingUp;
    private transient @Nullable EventKey keys;

    AskFn(TextExpression key, GivingUp givingUp) {
        this.key = key;
        this.givingUp = givingUp;
    }

    @Setup
    public void setUp() {
        keys = new EventKey(key);
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        try {
            byte[] asked = requireNonNull(keys).of(event, time);
            if (asked == null) {
                out.get(EnrichEvents.DEAD_LETTERS)
                        .output(givingUp.deadLetter(event, Reason.LOOKUP_KEY_FAILED, "the key is null", time));
            } else {
                out.get(EnrichEvents.ASKED).output(new Asked(event, new String(asked, UTF_8)));
            }
        } catch (EvaluationException e) {
            givingUp.failed(event, e, time)
                    .ifPresent(deadLetter -> out.get(EnrichEvents.DEAD_LETTERS).output(deadLetter));
        }
    }
}
