package io.millrace.io.kafka;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;

/**
 * Why a record's event time cannot be used.
 *
 * @param reason the reason of the dead letter
 * @param eventTime the time that was read, in epoch milliseconds, or {@link #NO_TIME}
 * @param message the message of the dead letter
 */
record TimeProblem(Reason reason, long eventTime, String message) {
    static final long NO_TIME = DeadLetter.NO_TIME.getMillis();
}
