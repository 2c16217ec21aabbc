package io.millrace.testfixtures.flink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job is run from an uploaded jar.
 *
 * @param entryClass whose main builds and submits the job
 * @param arguments of that main
 * @param savepoint what its state is restored from: a savepoint or a retained checkpoint; null for none
 */
public record JobRun(
        String entryClass, List<String> arguments, @Nullable String savepoint) {

    public JobRun {
        arguments = List.copyOf(arguments);
    }

    /** A run without state to restore. */
    public static JobRun of(String entryClass, String... arguments) {
        return new JobRun(entryClass, List.of(arguments), null);
    }

    /** The same, its state restored from {@code path}. */
    public JobRun restoredFrom(String path) {
        return new JobRun(entryClass, arguments, path);
    }
}
