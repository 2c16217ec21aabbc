package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import java.util.List;
import java.util.Map;

/**
 * A job that goes on from the state of one before it.
 *
 * @param job the job, as its spec is now
 * @param shown what the one before says of itself, {@link JobOptions}; nothing where that is not known
 * @param succession what of the state has a place in the job
 * @param reading what becomes of its source
 */
record Successor(RouterJob job, Map<String, String> shown, Succession succession, Reading reading) {

    static Successor of(RouterJob job, Map<String, String> shown, Reading reading) {
        return new Successor(job, shown, Succession.of(job, shown), reading);
    }

    /**
     * A job, and the state that it begins with.
     *
     * @param job the job, reading what it is to read
     * @param state the path of a state in which is nothing that no step of the job takes
     */
    record Start(RouterJob job, String state) {}

    /** Whether the one before is known to have read the source of the spec. */
    boolean readsItsSource() {
        return job.source().equals(shown.get(JobOptions.SOURCE));
    }

    /** Notes why the job cannot begin with such a state. */
    void check(Problems problems) {
        succession.check(reading, problems);
        boolean archives = job.routes().stream().anyMatch(RouteSpec::isArchive);
        boolean isKnown = shown.containsKey(JobOptions.SOURCE); // nothing is of one that begins with no state
        if (reading == Reading.STATE && archives && isKnown && !readsItsSource()) {
            problems.add(
                    "--source",
                    "must be offsets, since a route is an archive, and the source of the state does not give what that needs");
        }
    }

    /** What a person should know of a state, one line each. */
    List<String> news(String state) {
        return succession.news(state);
    }

    /** How it begins with a state, of which it may write a part beside it. */
    Start from(String state) {
        String kept = succession.leavesOut(reading)
                ? SavedState.at(state).withoutSteps(succession.stepsLeftOut(reading))
                : state;
        return reading == Reading.STATE
                ? new Start(keepingWhatRoutesHad().reading(shown.getOrDefault(JobOptions.SOURCE, "unknown")), kept)
                : new Start(reading(SavedState.at(kept)), SavedState.at(kept).withoutStreams());
    }

    /** Fails where a state cannot be read here that has to be. */
    void checkReadable(String state) {
        if (reading != Reading.STATE || succession.leavesOut(reading)) {
            reading(SavedState.at(state));
        }
    }

    private RouterJob reading(SavedState saved) {
        try {
            return reading == Reading.OFFSETS
                    ? keepingWhatRoutesHad().goingOnAt(KafkaEvents.offsets(saved.streams(succession.changelogReads())))
                    : job;
        } catch (IllegalArgumentException e) {
            throw new FlinkClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The job, whose routes still need not see what was delivered before they came to share it. */
    private RouterJob keepingWhatRoutesHad() {
        return job.handingOver(JobOptions.handedOver(shown));
    }
}
