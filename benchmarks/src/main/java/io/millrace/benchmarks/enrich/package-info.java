/** Lookups beside Flink's asynchronous functions, and what their limits and caches do. */
@NullMarked
package io.millrace.benchmarks.enrich;

import org.jspecify.annotations.NullMarked;
