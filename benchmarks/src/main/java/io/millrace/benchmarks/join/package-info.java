/** What a join of two streams costs, beside jobs that are written by hand for Flink. */
@NullMarked
package io.millrace.benchmarks.join;

import org.jspecify.annotations.NullMarked;
