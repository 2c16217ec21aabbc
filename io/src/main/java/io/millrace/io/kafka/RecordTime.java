package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import java.time.Clock;
import java.time.Instant;

/** Adds an event to those polled at its time: the record's own, or what an expression computes. One thread at a time. */
abstract class RecordTime {

    /** Times as a source defines them. */
    static RecordTime of(EventTimes times, Clock clock) {
        if (times.expression() != null) {
            return new Computed(times.expression(), times.maxAhead().toMillis());
        }
        return times.checksRecords() ? new Checked(clock, times.maxAhead().toMillis()) : new OfRecord();
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

    /** The record's own, but none that is missing or lies too far past the clock: it would move the watermark, and for good. */
    private static final class Checked extends RecordTime {
        private final Clock clock;
        private final long maxAheadMillis;

        Checked(Clock clock, long maxAheadMillis) {
            this.clock = clock;
            this.maxAheadMillis = maxAheadMillis;
        }

        @Override
        void add(Event event, long recordTime, PolledEvents.Builder polled) {
            if (recordTime < 0) {
                polled.add(
                        event,
                        PolledEvents.NO_TIME,
                        new TimeProblem(
                                Reason.EVENT_TIME_UNREADABLE,
                                TimeProblem.NO_TIME,
                                "the record has no time of its own"));
            } else if (recordTime - clock.millis() > maxAheadMillis) {
                polled.add(
                        event,
                        PolledEvents.NO_TIME,
                        new TimeProblem(
                                Reason.EVENT_TIME_TOO_FAR_AHEAD,
                                Math.min(recordTime, PartitionWatermark.LATEST),
                                "the record's own time, " + Instant.ofEpochMilli(recordTime)
                                        + ", is too far ahead of the clock"));
            } else {
                polled.add(event, recordTime);
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
