package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Why a record's event time cannot be used, on its way from the timestamp policy, which can only give a time, to the next step,
 * which makes the dead letter: as the record's last header.
 *
 * <p>A record that brings a header of that name itself gets one more, without a problem. So whatever the last header of that name
 * says is ours.
 *
 * @param reason the reason of the dead letter
 * @param eventTime the time that was read, in epoch milliseconds, or {@link #NO_TIME}
 * @param message the message of the dead letter
 */
record TimeProblem(Reason reason, long eventTime, String message) {
    static final long NO_TIME = DeadLetter.NO_TIME.getMillis();

    private static final String HEADER = "millrace-internal-time-problem";
    private static final byte[] NO_PROBLEM = {};

    /** Puts the problem on the record. */
    void mark(KafkaRecord<byte[], byte[]> record) {
        byte[] text = message.getBytes(UTF_8);
        ByteBuffer problem = ByteBuffer.allocate(Integer.BYTES + Long.BYTES + text.length);
        problem.putInt(reason.ordinal()).putLong(eventTime).put(text);
        headers(record).add(HEADER, problem.array());
    }

    /** Keeps a header of the record's own from being taken for a problem. */
    static void protectUnmarked(KafkaRecord<byte[], byte[]> record) {
        if (headers(record).lastHeader(HEADER) != null) {
            headers(record).add(HEADER, NO_PROBLEM);
        }
    }

    /** Whether the header, which is the last of a record, was put there by {@link #mark} or {@link #protectUnmarked}. */
    static boolean isMark(Header last) {
        return last.key().equals(HEADER);
    }

    /** The problem that a mark tells of, or null if there is none. */
    static @Nullable TimeProblem of(Header mark) {
        if (mark.value().length == 0) {
            return null;
        }
        ByteBuffer problem = ByteBuffer.wrap(mark.value());
        Reason reason = Reason.values()[problem.getInt()];
        long eventTime = problem.getLong();
        return new TimeProblem(reason, eventTime, UTF_8.decode(problem).toString());
    }

    private static Headers headers(KafkaRecord<byte[], byte[]> record) {
        return Objects.requireNonNull(record.getHeaders(), "headers");
    }
}
