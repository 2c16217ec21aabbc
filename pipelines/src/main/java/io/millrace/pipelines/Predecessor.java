package io.millrace.pipelines;

import io.millrace.runnerprofiles.JobState;
import java.util.Optional;

/**
 * What a job goes on from: a job that runs, or a state.
 *
 * @param jobId the job; empty where only the state of one is known
 * @param path where the state is; empty while the job runs
 */
record Predecessor(Optional<String> jobId, Optional<String> path) {

    static Predecessor running(String jobId) {
        return new Predecessor(Optional.of(jobId), Optional.empty());
    }

    static Predecessor of(JobState state) {
        return new Predecessor(Optional.of(state.jobId()), Optional.of(state.path()));
    }

    static Predecessor of(String path) {
        return new Predecessor(Optional.empty(), Optional.of(path));
    }

    boolean runs() {
        return path.isEmpty();
    }
}
