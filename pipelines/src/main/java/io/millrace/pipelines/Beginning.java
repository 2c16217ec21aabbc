package io.millrace.pipelines;

import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.JobState;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * With what a job on a cluster begins.
 *
 * @param upgrade whether a job that runs is stopped with a savepoint, and goes on from that
 * @param restore with what a job begins that does not run: {@link #NOTHING}, {@link #LATEST}, or the path of a savepoint or checkpoint
 * @param reading what becomes of the source of a job that begins with a state; empty where nothing was said
 */
record Beginning(boolean upgrade, String restore, Optional<Reading> reading) {
    static final String NOTHING = "none";
    static final String LATEST = "latest";

    /** What a job that begins with a state reads. */
    enum Reading {
        /** The source that is in the state. */
        STATE,
        /** The source as the spec is now, from the offsets that are in the state. */
        OFFSETS,
        /** The source as the spec is now, from where the spec says. */
        START;

        /** The one of a text; nothing if there is none. */
        static Optional<Reading> named(@Nullable String text) {
            return Stream.of(values()).filter(one -> one.text().equals(text)).findFirst();
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether one path is given, which is the state of one job alone. */
    boolean isPath() {
        return !restore.equals(NOTHING) && !restore.equals(LATEST);
    }

    /** What a job goes on from, which runs or does not; an upgrade goes on from the latest state, where there is one. */
    Optional<Predecessor> predecessor(String jobName, Optional<String> runningId, FlinkCluster cluster) {
        if (runningId.isPresent()) {
            return runningId.map(Predecessor::running);
        }
        if (isPath()) {
            return Optional.of(Predecessor.of(restore));
        }
        Optional<JobState> latest = upgrade || restore.equals(LATEST) ? cluster.latestState(jobName) : Optional.empty();
        if (latest.isEmpty() && restore.equals(LATEST)) {
            throw new FlinkClusterException(
                    "job " + jobName + " has left no state that the cluster remembers, which it does for"
                            + " an hour by default: name the path of one, with --restore=PATH, or begin afresh, with"
                            + " --restore=none");
        }
        return latest.map(Predecessor::of);
    }
}
