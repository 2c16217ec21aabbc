/**
 * Play events as a streaming service's devices send them: skewed, out of order, late, repeated and, on request, defective.
 *
 * <p>{@link io.millrace.testfixtures.events.PlayEvents} makes them. The same seed and settings make the same bytes on
 * every machine, and every {@link io.millrace.testfixtures.events.PlayEvent} says what is wrong with it, so a test's
 * oracle needs no parser.
 */
@NullMarked
package io.millrace.testfixtures.events;

import org.jspecify.annotations.NullMarked;
