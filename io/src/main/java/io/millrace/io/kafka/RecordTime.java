package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import java.time.Instant;

/** Adds an event to those polled at its time: the record's own, or what an expression computes. One thread at a time. */
abstract class RecordTime {

    /** Times as a source defines them. */
    static RecordTime of(EventTimes times) {
        return times.expression() == null
                ? new OfRecord()
                : new Computed(times.expression(), times.maxAhead().toMillis());
    }

    /** Adds an event whose record has a time of its own, in epoch milliseconds; negative if it has none. */
    abstract void add(Event event, long recordTime, PolledEvents.Builder polled);

    private static final class OfRecord extends RecordTime {
        @Override
        void add(Event event, long recordTime, PolledEvents.Builder polled) {
            if (recordTime < 0) { // the oldest record formats have none
                polled.add(event, PolledEvents.NO_TIME);
            } else {
                polled.add(event, Math.min(recordTime, PartitionWatermark.LATEST));
            }
        }
    }

    private static final class Computed extends RecordTime {
        private final Evaluator evaluator;
        private final Handle<TimeExpression> time;
        private final long maxAheadMillis;

        Computed(TimeExpression expression, long maxAheadMillis) {
            Plan.Builder plan = Plan.builder();
            this.time = plan.add(expression);
            this.evaluator = plan.build().evaluator();
            this.maxAheadMillis = maxAheadMillis;
        }

        @Override
        void add(Event event, long recordTime, PolledEvents.Builder polled) {
            try {
                long timestamp = recordTime < 0 ? Evaluator.NO_TIMESTAMP : recordTime;
                evaluator.bind(event.value(), event.key(), event.headers(), timestamp);
                addUnlessTooFarAhead(event, evaluator.time(time), recordTime, polled);
            } catch (EvaluationException e) {
                Reason reason = e.reason(Reason.EVENT_TIME_UNREADABLE);
                polled.add(
                        event,
                        PolledEvents.NO_TIME,
                        new TimeProblem(reason, TimeProblem.NO_TIME, "eventTime: " + e.getMessage()));
            }
        }

        private void addUnlessTooFarAhead(Event event, long eventTime, long recordTime, PolledEvents.Builder polled) {
            if (recordTime < 0 || eventTime - recordTime <= maxAheadMillis) {
                polled.add(event, eventTime);
            } else {
                String message = "eventTime: " + Instant.ofEpochMilli(eventTime)
                        + " is too far ahead of the record's own time, " + Instant.ofEpochMilli(recordTime);
                polled.add(
                        event,
                        PolledEvents.NO_TIME,
                        new TimeProblem(Reason.EVENT_TIME_TOO_FAR_AHEAD, eventTime, message));
            }
        }
    }
}
