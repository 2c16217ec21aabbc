package io.millrace.io.bulkhead;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;

/** An event that a sink did not take. */
record Refused(TimedEvent event, RefusedException cause) {}
