package io.millrace.testfixtures.events;

import java.util.EnumSet;
import java.util.Set;

/** What is wrong, or only odd, about a {@link PlayEvent}; at most one thing each. */
public enum Defect {
    /** A play event as it should be. */
    NONE,
    /** The document ends somewhere in its middle. */
    BROKEN_JSON,
    /** The document has every field and lacks its last brace. */
    BROKEN_TAIL,
    /** The document is an array. */
    NOT_AN_OBJECT,
    /** {@code duration_s} is not there. */
    MISSING_DURATION,
    /** {@code duration_s} is the text {@code "long"}. */
    TEXT_AS_DURATION,
    /** {@code ts} is not there. */
    MISSING_TIME,
    /** {@code ts} is the text {@code "yesterday"}. */
    UNREADABLE_TIME,
    /** {@code ts} lies 365 days after the record's own time. */
    FAR_FUTURE_TIME,
    /** A field {@code padding} makes the document as large as {@link PlayEvents#oversizeBytes} says. */
    OVERSIZED,
    /** The value is null: a tombstone. */
    NO_VALUE,
    /** The key is null. */
    NULL_KEY,
    /** The key has no bytes. */
    EMPTY_KEY,
    /** The key is no UTF-8. */
    NON_UTF8_KEY,
    /** The header {@code trace} is there twice, with two values. */
    REPEATED_HEADER,
    /** The value of the header {@code note} is null. */
    NULL_HEADER;

    /** The document is no JSON object. */
    public static final Set<Defect> BROKEN = Set.copyOf(EnumSet.of(BROKEN_JSON, BROKEN_TAIL, NOT_AN_OBJECT));

    /** The document is a JSON object, and {@code duration_s} or {@code ts} cannot be used. */
    public static final Set<Defect> WRONG_FIELD =
            Set.copyOf(EnumSet.of(MISSING_DURATION, TEXT_AS_DURATION, MISSING_TIME, UNREADABLE_TIME, FAR_FUTURE_TIME));

    /** The key is not the profile's id; the document is as it should be. */
    public static final Set<Defect> ODD_KEY = Set.copyOf(EnumSet.of(NULL_KEY, EMPTY_KEY, NON_UTF8_KEY));

    /** The headers are unusual; the document is as it should be. */
    public static final Set<Defect> ODD_HEADER = Set.copyOf(EnumSet.of(REPEATED_HEADER, NULL_HEADER));
}
