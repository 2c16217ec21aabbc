package io.millrace.pipelines.enrich;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TextExpression;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Computes what is to be looked up for events. For one thread. */
final class EventKey {
    private final Evaluator evaluator;
    private final Handle<TextExpression> handle;

    EventKey(TextExpression key) {
        Plan.Builder plan = Plan.builder();
        handle = plan.add(key);
        evaluator = plan.build().evaluator();
    }

    /** The key of an event, in UTF-8; null where the expression gives null. */
    byte @Nullable [] of(Event event, Instant time) throws EvaluationException {
        long millis = time.equals(DeadLetter.NO_TIME) ? Evaluator.NO_TIMESTAMP : time.getMillis();
        evaluator.bind(event.value(), event.key(), event.headers(), millis);
        return evaluator.text(handle);
    }
}
