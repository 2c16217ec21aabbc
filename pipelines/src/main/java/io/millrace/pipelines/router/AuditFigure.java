package io.millrace.pipelines.router;

/** What an audit counts of a route. {@code expected = held + superseded + deadLettered + missing}. */
public enum AuditFigure {
    /** Events of the input that the route does not filter: results, and what its own steps give up. */
    EXPECTED("expected"),
    /** Of these, results that a reader of the sink finds. */
    HELD("held"),
    /** Of these, results in whose place a newer one of the same key came. */
    SUPERSEDED("superseded"),
    /** Of these, what stands among the dead letters and not in the sink. */
    DEAD_LETTERED("deadLettered"),
    /** Of these, what is in neither. */
    MISSING("missing"),
    /** How often a reader of the sink finds a result another time. */
    REPEATED("repeated"),
    /** What is in the sink and is no result of the input. */
    FOREIGN("foreign"),
    /** Repeats that a reader of the sink drops, by the rule of the sink: failures leave them, and they do no harm. */
    DROPPED("dropped");

    private final String text;

    AuditFigure(String text) {
        this.text = text;
    }

    /** The name in tables and in JSON. */
    public String text() {
        return text;
    }

    /** Whether it is trouble if there is any. */
    public boolean isTrouble() {
        return this == MISSING || this == REPEATED || this == FOREIGN;
    }
}
