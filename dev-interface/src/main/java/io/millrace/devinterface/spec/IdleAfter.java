package io.millrace.devinterface.spec;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * For how long a partition must have had nothing to read until it is idle: a duration, or never.
 *
 * @param duration how long; null for never
 */
public record IdleAfter(@Nullable Duration duration) {

    /** A partition is never idle. */
    public static final IdleAfter NEVER = new IdleAfter(null);

    /**
     * Reads the text that {@link #toString()} gives.
     *
     * @throws IllegalArgumentException if the text is neither a duration nor {@code never}
     */
    public static IdleAfter parse(String text) {
        try {
            return text.equals("never") ? NEVER : new IdleAfter(Duration.parse(text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "idleAfter must be never or a duration such as PT30S, but was " + Words.quoted(text), e);
        }
    }

    @Override
    public String toString() {
        return duration == null ? "never" : duration.toString();
    }
}
