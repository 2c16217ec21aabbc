package io.millrace.runnerprofiles;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.SerializedThrowable;
import org.junit.Test;

public class JobFailuresTest {

    @Test
    public void tellsWhatTheLastAttemptFailedOf() {
        assertThat(told(function("last"), function("first"), function("last")), is("last"));
    }

    @Test
    public void tellsWhatAnEarlierAttemptFailedOfWhereTheLastOnlyDidNotRun() {
        assertThat(told(notRunning(), function("first"), function("second"), notRunning(), notRunning()), is("second"));
    }

    @Test
    public void tellsThatATaskDidNotRunWhereNothingElseIsKnown() {
        assertThat(told(notRunning(), notRunning()), is("Task is not running, but in state FAILED"));
    }

    private static String told(Throwable last, Throwable... history) {
        List<RootExceptionHistoryEntry> entries =
                List.of(history).stream().map(JobFailuresTest::entry).toList();
        return rootCause(JobFailures.telling(last, () -> entries)).getMessage();
    }

    private static RootExceptionHistoryEntry entry(Throwable failure) {
        return new RootExceptionHistoryEntry(
                new SerializedThrowable(failure),
                1,
                CompletableFuture.completedFuture(Map.of()),
                "Count",
                null,
                List.of());
    }

    private static Throwable rootCause(Throwable failure) {
        return failure.getCause() == null ? failure : rootCause(failure.getCause());
    }

    private static Throwable function(String message) {
        return new RuntimeException("a wrapper", new IllegalStateException(message));
    }

    /** As a coordinator reports a task that has failed before its event came. */
    private static Throwable notRunning() {
        return new FlinkException(
                "An OperatorEvent from an OperatorCoordinator to a task was lost.",
                new TaskNotRunningException("Task is not running, but in state FAILED"));
    }
}
