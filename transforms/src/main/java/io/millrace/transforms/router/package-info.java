/**
 * The configurable router: one stream of events in, one output for each route, and dead letters.
 *
 * <p>A {@link io.millrace.transforms.router.Route} says which events it takes (a filter), what it makes of them (a projection)
 * and how it keys them, all as expressions. {@link io.millrace.transforms.router.RouteEvents} compiles the expressions of its
 * routes into one plan, so that an event's document is read once for all of them, and not at all where no route looks into it.
 * {@code RouteEventsTest} shows it.
 */
@NullMarked
package io.millrace.transforms.router;

import org.jspecify.annotations.NullMarked;
