/**
 * What a sink is: a transform that writes events and gives back, as dead letters, those it could not write.
 *
 * <p>Sinks are declared by name in {@code META-INF/services/io.millrace.io.sink.SinkProvider} and chosen by that name in a spec,
 * so a jar on the class path adds one. What a sink can read again it gives as {@link io.millrace.io.sink.Holdings}, by which it is audited.
 */
@NullMarked
package io.millrace.io.sink;

import org.jspecify.annotations.NullMarked;
