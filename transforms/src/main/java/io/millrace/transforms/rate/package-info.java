/**
 * Rates that hold for all tasks of a step together: {@link io.millrace.transforms.rate.LimitRate} lets so many elements through in a
 * second, and what calls a service can have {@link io.millrace.transforms.rate.Permits} for that.
 */
@NullMarked
package io.millrace.transforms.rate;

import org.jspecify.annotations.NullMarked;
