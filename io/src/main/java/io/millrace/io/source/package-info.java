/**
 * What every source of events has in common: what it gives, and how events get their times.
 *
 * <p>{@link io.millrace.io.source.EventTimes} says where an event's time comes from and how the watermark follows;
 * {@link io.millrace.io.source.EventsRead} is what then comes out, with a dead letter for each event whose time cannot be used.
 * {@code FileEventsTest} and {@code KafkaReadTest} show both.
 */
@NullMarked
package io.millrace.io.source;

import org.jspecify.annotations.NullMarked;
