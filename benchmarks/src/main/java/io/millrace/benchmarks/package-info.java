/** What is claimed about speed, measured beside what one would write without us. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
