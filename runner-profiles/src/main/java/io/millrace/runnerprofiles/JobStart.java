package io.millrace.runnerprofiles;

import java.util.List;

/**
 * One job to start from an uploaded jar.
 *
 * @param jobName the name it is shown under
 * @param entryClass the class whose main builds and runs the pipeline
 * @param arguments what its main is called with; they are no place for a secret
 */
public record JobStart(String jobName, String entryClass, List<String> arguments) {

    public JobStart {
        arguments = List.copyOf(arguments);
    }
}
