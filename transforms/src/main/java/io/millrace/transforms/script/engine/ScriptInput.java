package io.millrace.transforms.script.engine;

import io.millrace.transforms.event.Event;

/**
 * What a script is called with.
 *
 * @param event the event
 * @param timestampMillis its time in epoch milliseconds, or {@link #NO_TIMESTAMP}
 * @param version what identifies the version of the script
 */
public record ScriptInput(Event event, long timestampMillis, String version) {
    /** The timestamp of an event that has none. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    /** Whether the event has a time. */
    public boolean hasTimestamp() {
        return timestampMillis != NO_TIMESTAMP;
    }
}
