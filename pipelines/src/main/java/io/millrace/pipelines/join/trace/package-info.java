/**
 * What the traces of a join tell: of one key, why events of it were not joined, {@link
 * io.millrace.pipelines.join.trace.KeyExplanation}; of all keys that are traced, what other bounds would give, {@link
 * io.millrace.pipelines.join.trace.Advice}.
 */
@NullMarked
package io.millrace.pipelines.join.trace;

import org.jspecify.annotations.NullMarked;
