package io.millrace.io.files;

import io.millrace.io.source.EventsRead;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gives each event the time that an expression computes from it, and gives up those for which there is none. */
final class StampTimesFn extends DoFn<Event, Event> {
    static final TupleTag<Event> STAMPED = new TupleTag<>("stamped");
    static final TupleTag<DeadLetter> WITHOUT_TIME = new TupleTag<>("withoutTime");

    private static final long serialVersionUID = 1;

    private final Plan plan;
    private final Handle<TimeExpression> expression;
    private transient @Nullable Evaluator evaluator;

    StampTimesFn(TimeExpression time) {
        Plan.Builder builder = Plan.builder();
        this.expression = builder.add(time);
        this.plan = builder.build();
    }

    @ProcessElement
    public void process(@Element Event event, MultiOutputReceiver out) {
        try {
            out.get(STAMPED).outputWithTimestamp(event, Instant.ofEpochMilli(time(event)));
        } catch (EvaluationException e) {
            Reason reason = e.reason(Reason.EVENT_TIME_UNREADABLE);
            String message = "eventTime: " + e.getMessage();
            out.get(WITHOUT_TIME).output(EventsRead.deadLetter(event, reason, message, DeadLetter.NO_TIME));
        }
    }

    private long time(Event event) throws EvaluationException {
        if (evaluator == null) {
            evaluator = plan.evaluator();
        }
        evaluator.bind(event.value(), event.key(), event.headers(), Evaluator.NO_TIMESTAMP);
        return evaluator.time(expression);
    }
}
