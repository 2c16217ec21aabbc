/**
 * Scripts: a user's function that filters, maps or multiplies events, static or changed while a job runs.
 *
 * <p>{@link io.millrace.transforms.script.RunScript} is the transform. The languages come from engines behind a port,
 * {@code io.millrace.transforms.script.engine}.
 */
@NullMarked
package io.millrace.transforms.script;

import org.jspecify.annotations.NullMarked;
