package io.millrace.io.kafka;

import io.millrace.io.sink.RefusedException;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** What a broker's answer says of a record. */
final class Answers {
    private Answers() {}

    /** The refusal that an answer is, if it is one. */
    static Optional<RefusedException> refusal(Throwable answer) {
        if (answer instanceof RecordTooLargeException || answer instanceof RecordBatchTooLargeException) {
            return Optional.of(new RefusedException(Reason.TOO_LARGE, "Kafka: " + answer.getMessage()));
        }
        if (isOfRecord(answer)) {
            return Optional.of(new RefusedException(Reason.REFUSED, "Kafka: " + answer.getMessage()));
        }
        return Optional.empty();
    }

    /**
     * Whether the answer may be due to another record of the batch: a broker refuses a batch for one of its records, and says of the
     * others nothing but that, in an exception without a type of its own.
     */
    static boolean mayBeOfAnother(Throwable answer) {
        return isOfRecord(answer) || answer.getClass() == KafkaException.class;
    }

    private static boolean isOfRecord(Throwable answer) {
        return answer instanceof InvalidRecordException || answer instanceof InvalidTimestampException;
    }
}
