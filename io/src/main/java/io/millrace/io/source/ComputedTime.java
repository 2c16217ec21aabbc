package io.millrace.io.source;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import java.io.Serializable;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The time that an expression computes from an event alone, without a time of the record. For one thread at a time. */
public final class ComputedTime implements Serializable {
    private static final long serialVersionUID = 1;

    private final Plan plan;
    private final Handle<TimeExpression> expression;
    private transient @Nullable Evaluator evaluator;

    private ComputedTime(TimeExpression expression) {
        Plan.Builder builder = Plan.builder();
        this.expression = builder.add(expression);
        this.plan = builder.build();
    }

    /** Times of an expression. */
    public static ComputedTime by(TimeExpression expression) {
        return new ComputedTime(expression);
    }

    /** The time of an event. */
    public Instant of(Event event) throws EvaluationException {
        if (evaluator == null) {
            evaluator = plan.evaluator();
        }
        evaluator.bind(event.value(), event.key(), event.headers(), Evaluator.NO_TIMESTAMP);
        return Instant.ofEpochMilli(evaluator.time(expression));
    }

    /** The dead letter of an event that has no time because of a failure. */
    public static DeadLetter withoutTime(Event event, EvaluationException failure) {
        return EventsRead.deadLetter(
                event,
                failure.reason(Reason.EVENT_TIME_UNREADABLE),
                "eventTime: " + failure.getMessage(),
                DeadLetter.NO_TIME);
    }
}
