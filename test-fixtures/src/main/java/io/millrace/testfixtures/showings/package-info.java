/**
 * Impressions of titles and plays of them, as a streaming service's devices send them on two streams: hours apart, out of order, late and repeated.
 *
 * <p>{@link io.millrace.testfixtures.showings.ImpressionsAndPlays} makes them. The same seed and settings make the same bytes on
 * every machine, and {@link io.millrace.testfixtures.showings.Truth} says by brute force which impressions led to which play.
 */
@NullMarked
package io.millrace.testfixtures.showings;

import org.jspecify.annotations.NullMarked;
