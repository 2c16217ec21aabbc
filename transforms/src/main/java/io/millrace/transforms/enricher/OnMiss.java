package io.millrace.transforms.enricher;

/** What becomes of an element of whose key there is nothing. */
public enum OnMiss {
    /** It passes on, with no value. */
    PASS,
    /** It passes on, with a default value. */
    DEFAULT,
    /** It is dropped, and counted. */
    DROP,
    /** It is a dead letter. */
    DEAD_LETTER
}
