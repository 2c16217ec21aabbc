package io.millrace.io.bulkhead;

/** What becomes of a route in a shared job while its sink does not keep up. */
public enum OnSlow {
    /** Its events wait in a topic of their own, and the other routes go on. */
    PARK,
    /** The job waits, and all its routes with it. */
    BLOCK,
    /** The job fails, and begins again from its last checkpoint. */
    FAIL
}
