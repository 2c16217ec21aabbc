/** Many routes in one job: what a route more costs, what is read for all of them, and what one frozen sink does to the others. */
@NullMarked
package io.millrace.benchmarks.coisolated;

import org.jspecify.annotations.NullMarked;
