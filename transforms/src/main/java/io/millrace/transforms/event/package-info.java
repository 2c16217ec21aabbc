/**
 * What flows through Millrace, and what identifies it.
 *
 * <p>An {@link io.millrace.transforms.event.Event} is bytes: a key, a value and headers, as they came in. Its
 * {@link io.millrace.transforms.event.ResultId} says which inputs it was made from, so that a sink can tell a result written
 * again after a failure from a new one. What a pipeline cannot process leaves it as a
 * {@link io.millrace.transforms.event.DeadLetter}, with its reason and its bytes.
 *
 * <p>The coders of this package, the text of a {@code ResultId} and the JSON of a dead letter are persisted in checkpoints,
 * sinks and dead-letter files. Each begins with a version; {@code EventCodersTest} holds their bytes.
 */
@NullMarked
package io.millrace.transforms.event;

import org.jspecify.annotations.NullMarked;
