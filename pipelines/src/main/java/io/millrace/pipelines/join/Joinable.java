package io.millrace.pipelines.join;

import io.millrace.transforms.event.Event;

/**
 * An event of one side of a join.
 *
 * @param event as it was read
 * @param time its event time, in epoch milliseconds
 * @param document what is kept of it, as JSON
 * @param id what it has in common with its duplicates
 * @param by what it is counted by; empty where it is not
 */
record Joinable(Event event, long time, byte[] document, String id, String by) {}
