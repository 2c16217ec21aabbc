/**
 * Bulkheads between the routes of one job: a sink that is slow or down does not hold up the others.
 *
 * <p>{@link io.millrace.io.bulkhead.WriteRoutes} is the door. Each route has a lane in each task, which brings its events to the sink
 * by a courier on another thread, or parks them; what is parked is delivered by drains, which ticks wake. {@code ParkedOnRunnersTest}
 * shows a sink that goes away and comes back.
 */
@NullMarked
package io.millrace.io.bulkhead;

import org.jspecify.annotations.NullMarked;
