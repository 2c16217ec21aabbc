/** Scripts beside what they stand for: Java written by hand. */
@NullMarked
package io.millrace.benchmarks.script;

import org.jspecify.annotations.NullMarked;
