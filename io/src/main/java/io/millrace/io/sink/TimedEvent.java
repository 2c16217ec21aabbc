package io.millrace.io.sink;

import io.millrace.transforms.event.Event;
import org.joda.time.Instant;

/** An event with its time, outside of a pipeline. */
public record TimedEvent(Event event, Instant time) {}
