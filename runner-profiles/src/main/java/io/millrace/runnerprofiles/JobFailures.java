package io.millrace.runnerprofiles;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.runtime.scheduler.exceptionhistory.ExceptionHistoryEntry;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.util.ExceptionUtils;

/**
 * Tells what a job failed of.
 *
 * <p>A task that has failed and the coordinator that meanwhile sends it an event report to Flink in no order. Where the coordinator is the first,
 * Flink keeps its report, that the task does not run, and drops the task's, which says why. Then an earlier attempt tells it.
 */
final class JobFailures {
    private static final ClassLoader CLASSES = JobFailures.class.getClassLoader();

    private JobFailures() {}

    /** What a job's last attempt failed of; or, if that is only that a task did not run, the latest failure before it that says more. */
    static Throwable telling(Throwable last, Supplier<Iterable<RootExceptionHistoryEntry>> history) {
        return says(last)
                ? last
                : StreamSupport.stream(history.get().spliterator(), false)
                        .flatMap(JobFailures::each)
                        .map(failure -> failure.getException().deserializeError(CLASSES))
                        .filter(JobFailures::says)
                        .reduce((earlier, later) -> later)
                        .orElse(last);
    }

    private static Stream<ExceptionHistoryEntry> each(RootExceptionHistoryEntry root) {
        return Stream.concat(
                StreamSupport.stream(root.getConcurrentExceptions().spliterator(), false), Stream.of(root));
    }

    private static boolean says(Throwable failure) {
        Optional<TaskNotRunningException> consequence =
                ExceptionUtils.findSerializedThrowable(failure, TaskNotRunningException.class, CLASSES);
        return consequence.isEmpty();
    }
}
