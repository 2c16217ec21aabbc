package io.millrace.runnerprofiles;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One job to start from an uploaded jar.
 *
 * @param jobId the id it is to have, chosen by who starts it: so what is asked twice is done once, {@link FlinkCluster#newId()}
 * @param jobName the name it is shown under
 * @param entryClass the class whose main builds and runs the pipeline
 * @param arguments what its main is called with; they are no place for a secret
 * @param state the savepoint or checkpoint that it begins with; null to begin afresh
 * @param leavesState whether the state stays what it is, also where jobs of the cluster take states for their own
 */
public record JobStart(
        String jobId,
        String jobName,
        String entryClass,
        List<String> arguments,
        @Nullable String state,
        boolean leavesState) {

    public JobStart {
        arguments = List.copyOf(arguments);
    }

    /** One that does with its state what jobs of the cluster do. */
    public JobStart(String jobId, String jobName, String entryClass, List<String> arguments, @Nullable String state) {
        this(jobId, jobName, entryClass, arguments, state, false);
    }
}
