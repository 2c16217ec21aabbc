package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.expression.EvaluationException;
import io.millrace.transforms.expression.Evaluator;
import io.millrace.transforms.expression.Handle;
import io.millrace.transforms.expression.Plan;
import io.millrace.transforms.expression.TimeExpression;
import java.time.Instant;
import org.apache.beam.sdk.io.kafka.KafkaRecord;

/** The event time of a record, in epoch milliseconds: its own, or what an expression computes from it. One thread at a time. */
abstract class RecordTime {
    /** The record has no time that can be used; where one was to be computed, it is marked with what is wrong. */
    static final long UNUSABLE = Long.MIN_VALUE;

    /** Times as a source defines them. */
    static RecordTime of(EventTimes times) {
        return times.expression() == null
                ? new OfRecord()
                : new Computed(times.expression(), times.maxAhead().toMillis());
    }

    abstract long timeOrMark(KafkaRecord<byte[], byte[]> record);

    private static final class OfRecord extends RecordTime {
        @Override
        long timeOrMark(KafkaRecord<byte[], byte[]> record) {
            long time = record.getTimestamp();
            return time < 0
                    ? UNUSABLE
                    : Math.min(time, PartitionWatermark.LATEST); // the oldest record formats have none
        }
    }

    private static final class Computed extends RecordTime {
        private final Evaluator evaluator;
        private final Handle<TimeExpression> time;
        private final boolean readsHeaders;
        private final long maxAheadMillis;

        Computed(TimeExpression expression, long maxAheadMillis) {
            Plan.Builder plan = Plan.builder();
            this.time = plan.add(expression);
            this.evaluator = plan.build().evaluator();
            this.readsHeaders = expression.source().contains("headers");
            this.maxAheadMillis = maxAheadMillis;
        }

        @Override
        long timeOrMark(KafkaRecord<byte[], byte[]> record) {
            try {
                return notTooFarAhead(compute(record), record);
            } catch (EvaluationException e) {
                Reason reason = e.reason(Reason.EVENT_TIME_UNREADABLE);
                new TimeProblem(reason, TimeProblem.NO_TIME, "eventTime: " + e.getMessage()).mark(record);
                return UNUSABLE;
            }
        }

        private long compute(KafkaRecord<byte[], byte[]> record) throws EvaluationException {
            TimeProblem.protectUnmarked(record);
            Headers headers = readsHeaders ? RecordHeaders.of(record) : Headers.empty();
            evaluator.bind(record.getKV().getValue(), record.getKV().getKey(), headers, record.getTimestamp());
            return evaluator.time(time);
        }

        private long notTooFarAhead(long eventTime, KafkaRecord<byte[], byte[]> record) {
            if (record.getTimestamp() < 0 || eventTime - record.getTimestamp() <= maxAheadMillis) {
                return eventTime;
            }
            String message = "eventTime: " + Instant.ofEpochMilli(eventTime)
                    + " is too far ahead of the record's own time, " + Instant.ofEpochMilli(record.getTimestamp());
            new TimeProblem(Reason.EVENT_TIME_TOO_FAR_AHEAD, eventTime, message).mark(record);
            return UNUSABLE;
        }
    }
}
