package io.millrace.runnerprofiles;

import java.util.List;
import java.util.Optional;

/**
 * One job to start from an uploaded jar.
 *
 * @param jobName the name it is shown under
 * @param entryClass the class whose main builds and runs the pipeline
 * @param arguments what its main is called with; they are no place for a secret
 * @param restoreFrom the path of the savepoint or checkpoint it begins with, or empty to begin afresh
 */
public record JobStart(String jobName, String entryClass, List<String> arguments, Optional<String> restoreFrom) {

    public JobStart {
        arguments = List.copyOf(arguments);
    }
}
