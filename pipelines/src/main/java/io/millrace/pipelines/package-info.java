/**
 * The command line: a spec in, running pipelines out.
 *
 * <p>{@link io.millrace.pipelines.Millrace} is the main. Each of its words is a command: {@code router} runs a router's spec, in
 * this process or on a Flink cluster, and {@code validate} checks one. A pipeline for each use case is in a package of its own.
 * {@code SampleTest} shows a run, and {@code CommandLineTest} what is said of wrong input.
 */
@NullMarked
package io.millrace.pipelines;

import org.jspecify.annotations.NullMarked;
