/** Nowhere: events are counted and forgotten, to see or measure what comes before a sink. */
@NullMarked
package io.millrace.io.none;

import org.jspecify.annotations.NullMarked;
