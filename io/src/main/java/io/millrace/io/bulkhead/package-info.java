/**
 * Bulkheads between the routes of one job: a sink that is slow or down does not hold up the others.
 */
@NullMarked
package io.millrace.io.bulkhead;

import org.jspecify.annotations.NullMarked;
