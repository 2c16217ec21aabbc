/**
 * Filters and projections over bytes, beside Java that was written by hand for one filter and one projection.
 *
 * <p>Both sides of a {@link io.millrace.benchmarks.expression.Case} answer the same, which {@code JobTest} shows:
 *
 * <ul>
 *   <li>They read the whole document once and refuse it as {@code NOT_JSON} unless it is one JSON object (RFC 8259), valid
 *       UTF-8, at most 512 levels deep, with nothing but white space after it.
 *   <li>A name or a string counts by what it says, however it is escaped; of a repeated name the last one counts.
 *   <li>A filter whose field is missing, has a type without that comparison, is a number beyond the doubles or text with half
 *       of a surrogate pair {@code FAILED}, unless another predicate of it is false.
 *   <li>The projection has the fields in the order of its list, each with its exact text; what is missing is left out.
 * </ul>
 *
 * <p>Ours does more in two ways: it says what is wrong and where, and it reads an object or array that is compared with text, and
 * so also notices there what CEL cannot hold; by hand those are unequal to any text without a look.
 */
@NullMarked
package io.millrace.benchmarks.expression;

import org.jspecify.annotations.NullMarked;
