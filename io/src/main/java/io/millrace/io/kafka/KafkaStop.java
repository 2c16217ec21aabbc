package io.millrace.io.kafka;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a read of Kafka ends in each partition: {@code never}, {@code end}, or before the first record whose time is at or after an
 * RFC 3339 time.
 *
 * <p>The {@code end} is what could be read when the topics were looked up at the start of the run; a restart from a checkpoint keeps
 * it. Under a time a partition also ends, without such a record, once the clock has passed the time and all that the
 * partition held at some moment after it was read; so a time in the past bounds what is there, and one to come keeps the run going
 * until then.
 *
 * @param kind which of the three
 * @param time the time; given for {@link Kind#TIME} alone
 */
public record KafkaStop(Kind kind, @Nullable Instant time) implements Serializable {

    /** The read goes on until it is stopped. */
    public static final KafkaStop NEVER = new KafkaStop(Kind.NEVER, null);

    /** What could be read at the start of the run is the end. */
    public static final KafkaStop END = new KafkaStop(Kind.END, null);

    /** The kinds of stop. */
    public enum Kind {
        NEVER,
        END,
        TIME
    }

    public KafkaStop {
        checkArgument(
                (kind == Kind.TIME) == (time != null), "time must be given for a stop at a time, but was %s", time);
    }

    /** Before the first record whose time is at or after the given one. */
    public static KafkaStop at(Instant time) {
        return new KafkaStop(Kind.TIME, time);
    }

    /**
     * Reads the text that {@link #toString()} gives.
     *
     * @throws IllegalArgumentException if the text is none of the three
     */
    public static KafkaStop parse(String text) {
        return switch (text) {
            case "never" -> NEVER;
            case "end" -> END;
            default -> at(Times.parse("stop must be never, end or an RFC 3339 time", text));
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NEVER -> "never";
            case END -> "end";
            case TIME -> String.valueOf(time);
        };
    }
}
