package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a read of Kafka begins in each partition when there is no checkpoint: {@code earliest}, {@code latest}, or the first record
 * whose time is at or after an RFC 3339 time, which in a partition without such a record is its end.
 *
 * @param kind which of the three
 * @param time the time; given for {@link Kind#TIME} alone
 */
public record KafkaStart(Kind kind, @Nullable Instant time) implements Serializable {

    /** The first record that the topic still holds. */
    public static final KafkaStart EARLIEST = new KafkaStart(Kind.EARLIEST, null);

    /** The records written after the read began. */
    public static final KafkaStart LATEST = new KafkaStart(Kind.LATEST, null);

    /** The kinds of start. */
    public enum Kind {
        EARLIEST,
        LATEST,
        TIME
    }

    public KafkaStart {
        checkArgument(
                (kind == Kind.TIME) == (time != null), "time must be given for a start at a time, but was %s", time);
    }

    /** The first record whose time is at or after the given one. */
    public static KafkaStart at(Instant time) {
        return new KafkaStart(Kind.TIME, time);
    }

    /**
     * Reads the text that {@link #toString()} gives.
     *
     * @throws IllegalArgumentException if the text is none of the three
     */
    public static KafkaStart parse(String text) {
        return switch (text) {
            case "earliest" -> EARLIEST;
            case "latest" -> LATEST;
            default -> at(Times.parse("start must be earliest, latest or an RFC 3339 time", text));
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EARLIEST -> "earliest";
            case LATEST -> "latest";
            case TIME -> String.valueOf(time);
        };
    }
}
