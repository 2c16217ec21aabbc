package io.millrace.devinterface.spec;

/** When results of a join leave. */
public enum Emit {
    /** When nothing can come any more that would change them. */
    COMPLETE,
    /** With the first match, and again if they have changed when they are complete. */
    MATCH
}
