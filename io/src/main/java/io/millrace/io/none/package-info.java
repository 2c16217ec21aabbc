/**
 * Nowhere: events are counted and forgotten, to see or measure what comes before a sink.
 *
 * <p>{@link io.millrace.io.none.CountEvents} does it; {@code CountEventsTest} shows it.
 */
@NullMarked
package io.millrace.io.none;

import org.jspecify.annotations.NullMarked;
