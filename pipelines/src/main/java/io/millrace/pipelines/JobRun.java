package io.millrace.pipelines;

import io.millrace.pipelines.router.Job;
import io.millrace.runnerprofiles.Launcher;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineResult.State;
import org.jspecify.annotations.Nullable;

/** One job in this process, from its start to its end. */
final class JobRun {

    /** How far a run has come. */
    enum Progress {
        RUNNING,
        DONE,
        STOPPED,
        FAILED
    }

    private final Job job;
    private final List<RouteRun> routes;
    private volatile Progress progress = Progress.RUNNING;
    private volatile @Nullable String failure;
    private volatile @Nullable PipelineResult result;

    JobRun(Job job) {
        this.job = job;
        this.routes = job.routes().stream()
                .map(route -> new RouteRun(this, job.spec().name(), route))
                .toList();
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

    /** What it is for each of its routes. */
    List<RouteRun> routes() {
        return routes;
    }

    Progress progress() {
        return progress;
    }

    /** What has been started, if it has. */
    Optional<PipelineResult> result() {
        return Optional.ofNullable(result);
    }

    /** That the run failed and why, if it did. */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(why -> subject() + " failed: " + why);
    }

    private String subject() {
        return routes.size() == 1 ? "route " + routes.get(0).route() : "job " + job.name();
    }
}
