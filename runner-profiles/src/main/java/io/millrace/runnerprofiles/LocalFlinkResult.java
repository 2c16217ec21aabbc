package io.millrace.runnerprofiles;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.flink.runtime.clusterframework.ApplicationStatus;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job in this process: as Beam's runner shows it, with its counters from its start on, and waiting for it throws what it failed of. */
final class LocalFlinkResult implements PipelineResult {
    private final PipelineResult detached;
    private final CompletableFuture<JobResult> end;
    private final MetricResults counters;
    private final Supplier<Iterable<RootExceptionHistoryEntry>> failures;

    /**
     * The result of a job.
     *
     * @param counters what its tasks have counted
     * @param failures what its attempts failed of, which can be asked for once it has ended
     */
    LocalFlinkResult(
            PipelineResult detached,
            CompletableFuture<JobResult> end,
            MetricResults counters,
            Supplier<Iterable<RootExceptionHistoryEntry>> failures) {
        this.detached = detached;
        this.end = end;
        this.counters = counters;
        this.failures = failures;
    }

    @Override
    public State getState() {
        return detached.getState();
    }

    @Override
    public State cancel() throws IOException {
        return detached.cancel();
    }

    @Override
    public State waitUntilFinish() {
        return Objects.requireNonNull(waitUntilFinish(Duration.millis(Long.MAX_VALUE)), "the job must have ended");
    }

    @Override
    public @Nullable State waitUntilFinish(Duration duration) {
        try {
            return state(end.get(duration.getMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new PipelineExecutionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PipelineExecutionException(e);
        }
    }

    private State state(JobResult result) {
        if (result.isSuccess()) {
            return State.DONE;
        }
        if (result.getApplicationStatus() == ApplicationStatus.CANCELED) {
            return State.CANCELLED;
        }
        throw new PipelineExecutionException(failure(result));
    }

    private @Nullable Throwable failure(JobResult result) {
        return result.getSerializedThrowable()
                .map(serialized -> serialized.deserializeError(LocalFlinkResult.class.getClassLoader()))
                .map(last -> JobFailures.telling(last, failures))
                .orElse(null);
    }

    /** Beam's runner has what a job counted once it has ended by itself. Before, and of any other end, there are the counters of its tasks. */
    @Override
    public MetricResults metrics() {
        return isDone() ? detached.metrics() : counters;
    }

    private boolean isDone() {
        return end.isDone() && !end.isCompletedExceptionally() && end.join().isSuccess();
    }
}
