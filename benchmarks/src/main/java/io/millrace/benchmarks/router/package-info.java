/** The router beside native Flink jobs, a Beam pipeline as the Beam documentation has it, and a loop of Kafka clients. */
@NullMarked
package io.millrace.benchmarks.router;

import org.jspecify.annotations.NullMarked;
