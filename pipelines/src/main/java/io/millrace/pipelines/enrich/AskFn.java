package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TextExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Computes what is to be looked up for events. */
final class AskFn extends DoFn<Event, Asked> {
    private static final long serialVersionUID = 1;

    private final TextExpression key;
    private final GivingUp givingUp;
    private transient @Nullable Evaluator evaluator;
    private transient @Nullable Handle<TextExpression> handle;

    AskFn(TextExpression key, GivingUp givingUp) {
        this.key = key;
        this.givingUp = givingUp;
    }

    @Setup
    public void setUp() {
        Plan.Builder plan = Plan.builder();
        handle = plan.add(key);
        evaluator = plan.build().evaluator();
    }

    @ProcessElement
    public void process(@Element Event event, @Timestamp Instant time, MultiOutputReceiver out) {
        try {
            byte[] asked = key(event, time);
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

    private byte @Nullable [] key(Event event, Instant time) throws EvaluationException {
        Evaluator current = requireNonNull(evaluator);
        long millis = time.equals(DeadLetter.NO_TIME) ? Evaluator.NO_TIMESTAMP : time.getMillis();
        current.bind(event.value(), event.key(), event.headers(), millis);
        return current.text(requireNonNull(handle));
    }
}
