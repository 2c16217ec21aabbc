/**
 * How pipelines are run: a profile's name becomes a runner, and options that lose nothing with it.
 *
 * <p>{@link io.millrace.runnerprofiles.RunnerProfile} is the door. {@code direct} and {@code flink-local} run in this process,
 * through a {@link io.millrace.runnerprofiles.Launcher}; for {@code flink},
 * {@link io.millrace.runnerprofiles.FlinkCluster} hands one jar to a cluster's REST interface. Flink's classes are used
 * here and nowhere else. {@code RunnerProfileTest} shows what a profile takes and refuses, {@code LauncherTest} how a job runs.
 */
@NullMarked
package io.millrace.runnerprofiles;

import org.jspecify.annotations.NullMarked;
