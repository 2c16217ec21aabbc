package io.millrace.testfixtures.flink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job is run from an uploaded jar.
 *
 * @param entryClass whose main builds and submits the job
 * @param arguments of that main
 * @param savepoint what its state is restored from: a savepoint or a retained checkpoint; null for none
 * @param allowNonRestoredState whether the savepoint may hold state that the job has no operator for
 */
public record JobRun(
        String entryClass, List<String> arguments, @Nullable String savepoint, boolean allowNonRestoredState) {

    public JobRun {
        arguments = List.copyOf(arguments);
    }

    /** A run without state to restore. */
    public static JobRun of(String entryClass, String... arguments) {
        return new JobRun(entryClass, List.of(arguments), null, false);
    }

    /** The same, its state restored from {@code path}. */
    public JobRun restoredFrom(String path) {
        return new JobRun(entryClass, arguments, path, allowNonRestoredState);
    }

    /** The same, where state of the savepoint without an operator is dropped. */
    public JobRun allowingNonRestoredState() {
        return new JobRun(entryClass, arguments, savepoint, true);
    }
}
