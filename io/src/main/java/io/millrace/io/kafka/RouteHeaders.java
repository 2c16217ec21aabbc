package io.millrace.io.kafka;

/** The names of the headers that say for which route, and by which run, a record was written. */
final class RouteHeaders {
    static final String EPOCH = "millrace-epoch";
    static final String ROUTE = "millrace-route";
    static final String SPEC = "millrace-spec";
    static final String REPLAY = "millrace-replay";
    static final String UNORDERED = "millrace-unordered";

    private RouteHeaders() {}
}
