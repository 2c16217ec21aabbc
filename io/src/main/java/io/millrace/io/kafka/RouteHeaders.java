package io.millrace.io.kafka;

import java.util.Set;

/** The names of the headers that say for which route, and by which run, a record was written. */
final class RouteHeaders {
    static final String EPOCH = "millrace-epoch";
    static final String ROUTE = "millrace-route";
    static final String SPEC = "millrace-spec";
    static final String REPLAY = "millrace-replay";
    static final String UNORDERED = "millrace-unordered";
    static final String RETRACTS = "millrace-retracts";

    /** What is said of how a record was written, and not of the event in it. */
    static final Set<String> OF_ONE_WRITE = Set.of(REPLAY, UNORDERED, RETRACTS);

    /** What may differ where the same result is written by another run. */
    static final Set<String> OF_A_RUN = Set.of(EPOCH, SPEC, REPLAY, UNORDERED);

    private RouteHeaders() {}
}
