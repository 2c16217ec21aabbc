/**
 * Two streams of a key, joined by event time, hours apart and out of order: {@link io.millrace.transforms.joiner.JoinStreams} gives each
 * right element the left ones that led to it, reduced to what is wanted of them, and says what found no partner.
 */
@NullMarked
package io.millrace.transforms.joiner;

import org.jspecify.annotations.NullMarked;
