/**
 * The lookups of a route: for each event a key by an expression, an answer from what the spec says, and the answer as a field of the
 * event's document.
 */
@NullMarked
package io.millrace.pipelines.enrich;

import org.jspecify.annotations.NullMarked;
