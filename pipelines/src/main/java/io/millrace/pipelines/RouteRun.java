package io.millrace.pipelines;

import io.millrace.pipelines.router.Job;
import io.millrace.runnerprofiles.Launcher;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.jspecify.annotations.Nullable;

/** One route's job in this process, from its start to its end. */
final class RouteRun {

    /** How far a run has come. */
    enum Progress {
        RUNNING,
        DONE,
        STOPPED,
        FAILED
    }

    private final Job job;
    private volatile Progress progress = Progress.RUNNING;
    private volatile RouteCounts counts = RouteCounts.NONE;
    private volatile @Nullable String failure;
    private volatile @Nullable PipelineResult result;

    RouteRun(Job job) {
        this.job = job;
    }

    /** Runs the job to its end. */
    void run(Launcher launcher, Function<Job, Pipeline> pipeline, CountDownLatch ends) {
        try {
            PipelineResult started = launcher.start(pipeline.apply(job));
            result = started;
            progress = started.waitUntilFinish() == State.DONE ? Progress.DONE : Progress.STOPPED;
        } catch (RuntimeException e) {
            failure = RootCause.line(e);
            progress = Progress.FAILED;
        } finally {
            ends.countDown();
        }
    }

    /** Asks the job to stop; it ends soon after. */
    void stop() {
        PipelineResult started = result;
        if (started != null && progress == Progress.RUNNING) {
            try {
                started.cancel();
            } catch (IOException e) {
                failure = RootCause.line(e);
            }
        }
    }

    String route() {
        return job.route().name();
    }

    Progress progress() {
        return progress;
    }

    /** Why the run failed, if it did. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** What it did so far; of a run that failed, what is still known of it. */
    RouteCounts counts() {
        PipelineResult started = result;
        if (started != null) {
            RouteCounts now = RouteCounts.of(started.metrics(), job.spec().name(), route());
            counts = progress == Progress.FAILED && now.in() == 0 ? counts : now;
        }
        return counts;
    }
}
