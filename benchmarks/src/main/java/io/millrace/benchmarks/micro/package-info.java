/** What is too short for a process of its own: measured by JMH, whose iterations have each contender take turns. */
@NullMarked
package io.millrace.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
