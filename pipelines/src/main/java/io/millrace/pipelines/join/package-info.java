/**
 * The joins of a spec: for each event of two sources a key by an expression, and of those that belong together documents, which routes
 * read as they do those of a source.
 */
@NullMarked
package io.millrace.pipelines.join;

import org.jspecify.annotations.NullMarked;
