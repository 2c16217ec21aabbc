/**
 * A real service for tests that says in pages all that it has: {@link io.millrace.testfixtures.publish.PagedService}.
 */
@NullMarked
package io.millrace.testfixtures.publish;

import org.jspecify.annotations.NullMarked;
