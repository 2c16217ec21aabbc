package io.millrace.io.source;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.transforms.expression.TimeExpression;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the events of a source get their times, and how the watermark follows them.
 *
 * @param expression an event's time, computed from the event; null for the time that the source itself gives a record
 * @param maxOutOfOrderness how far the watermark of a partition stays behind its newest event time
 * @param maxAhead how far past the record's own time a computed time may lie; or past the clock a record's own, where that is checked
 * @param idleAfter for how long a partition must have had nothing to read for its watermark to follow the clock; null for never
 * @param checksRecords whether a record's own time cannot be used that is missing, or lies too far ahead
 */
public record EventTimes(
        @Nullable TimeExpression expression,
        Duration maxOutOfOrderness,
        Duration maxAhead,
        @Nullable Duration idleAfter,
        boolean checksRecords)
        implements Serializable {

    /** How far the watermark stays behind unless it is said. */
    public static final Duration DEFAULT_MAX_OUT_OF_ORDERNESS = Duration.ofSeconds(10);

    /** How far ahead an event time may lie unless it is said. */
    public static final Duration DEFAULT_MAX_AHEAD = Duration.ofHours(1);

    /** When a partition counts as idle unless it is said. */
    public static final Duration DEFAULT_IDLE_AFTER = Duration.ofSeconds(30);

    public EventTimes {
        checkArgument(
                !maxOutOfOrderness.isNegative(), "maxOutOfOrderness must be at least 0, but was %s", maxOutOfOrderness);
        checkArgument(!maxAhead.isNegative(), "maxAhead must be at least 0, but was %s", maxAhead);
        checkArgument(
                idleAfter == null || idleAfter.compareTo(Duration.ZERO) > 0,
                "idleAfter must be longer than 0, but was %s",
                idleAfter);
    }

    /** Times that need no check of a record's own. */
    public EventTimes(
            @Nullable TimeExpression expression,
            Duration maxOutOfOrderness,
            Duration maxAhead,
            @Nullable Duration idleAfter) {
        this(expression, maxOutOfOrderness, maxAhead, idleAfter, false);
    }

    /** The times of the records themselves. */
    public static EventTimes ofRecords() {
        return new EventTimes(null, DEFAULT_MAX_OUT_OF_ORDERNESS, DEFAULT_MAX_AHEAD, DEFAULT_IDLE_AFTER);
    }

    /** Times computed from the events. */
    public static EventTimes of(TimeExpression expression) {
        return new EventTimes(expression, DEFAULT_MAX_OUT_OF_ORDERNESS, DEFAULT_MAX_AHEAD, DEFAULT_IDLE_AFTER);
    }

    /** The same, in which a record cannot be used whose own time is missing or lies too far past the clock. */
    public EventTimes checkingRecords() {
        return new EventTimes(expression, maxOutOfOrderness, maxAhead, idleAfter, true);
    }

    /** The same, with a watermark nearer to the newest event time, or further behind it. */
    public EventTimes withMaxOutOfOrderness(Duration maxOutOfOrderness) {
        return new EventTimes(expression, maxOutOfOrderness, maxAhead, idleAfter, checksRecords);
    }

    /** The same, with another bound on how far ahead a time may lie. */
    public EventTimes withMaxAhead(Duration maxAhead) {
        return new EventTimes(expression, maxOutOfOrderness, maxAhead, idleAfter, checksRecords);
    }

    /** The same, with partitions idle earlier or later; null for never. */
    public EventTimes withIdleAfter(@Nullable Duration idleAfter) {
        return new EventTimes(expression, maxOutOfOrderness, maxAhead, idleAfter, checksRecords);
    }
}
