/** How long it takes to take jobs back. */
@NullMarked
package io.millrace.benchmarks.rewind;

import org.jspecify.annotations.NullMarked;
