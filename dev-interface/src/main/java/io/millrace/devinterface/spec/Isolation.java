package io.millrace.devinterface.spec;

/** How the routes of a router share the work of reading. */
public enum Isolation {
    /** Every route is a job of its own, with its own position, checkpoints and restarts. */
    ISOLATED,
    /** All routes are one job, which reads once for all of them. */
    SHARED
}
