package io.millrace.pipelines;

import io.millrace.runnerprofiles.FlinkCluster;
import java.util.Optional;

/**
 * With what a job on a cluster begins.
 *
 * @param upgrade whether a job that runs is stopped with a savepoint, and goes on from that
 * @param restore with what a job begins that does not run: {@link #NOTHING}, {@link #LATEST}, or the path of a savepoint or checkpoint
 */
record Beginning(boolean upgrade, String restore) {
    static final String NOTHING = "none";
    static final String LATEST = "latest";

    /** Whether one path is given, which is the state of one job alone. */
    boolean isPath() {
        return !restore.equals(NOTHING) && !restore.equals(LATEST);
    }

    /** The state of a job that does not run; an upgrade goes on from the latest, where there is one. */
    Optional<String> state(String jobName, FlinkCluster cluster) {
        if (isPath()) {
            return Optional.of(restore);
        }
        return upgrade || restore.equals(LATEST) ? cluster.latestState(jobName) : Optional.empty();
    }
}
