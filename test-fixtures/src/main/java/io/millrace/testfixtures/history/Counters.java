package io.millrace.testfixtures.history;

/**
 * What the history service has counted since it was started, or its calls were forgotten.
 *
 * @param calls lookups taken
 * @param keys profile ids asked for, over all of them
 * @param inFlight calls that are neither answered nor given up, by the service or by the client who closed the connection
 * @param mostInFlight the most that were in flight at once
 */
public record Counters(long calls, long keys, long inFlight, long mostInFlight) {}
