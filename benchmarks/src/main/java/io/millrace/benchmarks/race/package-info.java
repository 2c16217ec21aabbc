/** Jobs that do their work side by side, in processes of their own that take turns, and the accounts of what each used. */
@NullMarked
package io.millrace.benchmarks.race;

import org.jspecify.annotations.NullMarked;
