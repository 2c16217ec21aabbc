package io.millrace.io.kafka;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/** Reads RFC 3339 times in configuration. */
final class Times {
    private Times() {}

    /** The time; where the text is none, the rule and the text are the message. */
    static Instant parse(String rule, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(rule + ", but was " + text, e);
        }
    }
}
