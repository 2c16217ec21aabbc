package io.millrace.io.files;

import io.millrace.io.source.ComputedTime;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.TimeExpression;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.TupleTag;

/** Gives each event the time that an expression computes from it, and gives up those for which there is none. */
final class StampTimesFn extends DoFn<Event, Event> {
    static final TupleTag<Event> STAMPED = new TupleTag<>("stamped");
    static final TupleTag<DeadLetter> WITHOUT_TIME = new TupleTag<>("withoutTime");

    private static final long serialVersionUID = 1;

    private final ComputedTime time;

    StampTimesFn(TimeExpression time) {
        this.time = ComputedTime.by(time);
    }

    @ProcessElement
    public void process(@Element Event event, MultiOutputReceiver out) {
        try {
            out.get(STAMPED).outputWithTimestamp(event, time.of(event));
        } catch (EvaluationException e) {
            out.get(WITHOUT_TIME).output(ComputedTime.withoutTime(event, e));
        }
    }
}
