package io.millrace.devinterface.spec;

/** Which routes of a router get an event. */
public enum Match {
    /** Every route whose filter takes it. */
    ALL,
    /** The first route whose filter takes it, in the order of the spec. */
    FIRST
}
