package io.millrace.devinterface.spec;

/** What becomes of an event for which one of the route's expressions fails. */
public enum OnError {
    /** It is a dead letter. */
    DEAD_LETTER,
    /** It is counted as filtered. */
    DROP
}
