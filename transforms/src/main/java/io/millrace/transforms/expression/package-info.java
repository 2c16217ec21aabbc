/**
 * Declarative filters and projections over an event's document, in the Common Expression Language.
 *
 * <p>An expression is parsed and type-checked once ({@link io.millrace.transforms.expression.Filter},
 * {@link io.millrace.transforms.expression.Projection} and their like), then a {@link
 * io.millrace.transforms.expression.Plan} compiles all expressions that look at the same event. Its {@link
 * io.millrace.transforms.expression.Evaluator} scans the UTF-8 bytes of a document once, checks them to their end, and notes
 * where the fields stand to which any expression refers; a value is decoded when it is used, and a copied field is never
 * decoded at all.
 */
@NullMarked
package io.millrace.transforms.expression;

import org.jspecify.annotations.NullMarked;
