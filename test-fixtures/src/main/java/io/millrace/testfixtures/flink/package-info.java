/**
 * A real Flink session cluster for tests, its JobManager and TaskManagers in processes of their own:
 * {@link io.millrace.testfixtures.flink.FlinkCluster} is one that a test owns,
 * {@link io.millrace.testfixtures.flink.FlinkRule} lends every test of a JVM the same one, and
 * {@link io.millrace.testfixtures.flink.FlinkRest} is how jobs come in and are watched.
 */
@NullMarked
package io.millrace.testfixtures.flink;

import org.jspecify.annotations.NullMarked;
