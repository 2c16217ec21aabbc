/** Scripts to run in tests. */
@NullMarked
package io.millrace.testfixtures.scripts;

import org.jspecify.annotations.NullMarked;
