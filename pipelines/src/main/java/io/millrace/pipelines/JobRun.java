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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job in this process, from its start to its end. */
final class JobRun {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

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
    private volatile boolean stopping;
    private @Nullable Thread starting;

    JobRun(Job job) {
        this.job = job;
        this.routes = job.routes().stream()
                .map(route -> new RouteRun(this, job.spec().name(), route))
                .toList();
    }

    /** Runs the job to its end. */
    void run(Launcher launcher, Function<Job, Pipeline> pipeline, CountDownLatch ends) {
        try {
            progress = beginToStart() ? end(start(launcher, pipeline)) : Progress.STOPPED;
        } catch (RuntimeException | Error e) { // of libraries that do not fit together, too
            ended(e);
        } finally {
            ends.countDown();
        }
    }

    private synchronized boolean beginToStart() {
        starting = Thread.currentThread();
        return !stopping;
    }

    private PipelineResult start(Launcher launcher, Function<Job, Pipeline> pipeline) {
        try {
            return started(launcher.start(pipeline.apply(job)));
        } finally {
            startEnds();
        }
    }

    /** From now on its result is what is stopped. */
    private synchronized PipelineResult started(PipelineResult run) {
        result = run;
        if (stopping) {
            cancel(run);
        }
        return run;
    }

    private synchronized void startEnds() {
        starting = null;
        if (stopping) {
            Thread.interrupted(); // that was for the start
        }
    }

    private static Progress end(PipelineResult started) {
        return started.waitUntilFinish() == State.DONE ? Progress.DONE : Progress.STOPPED;
    }

    /** What breaks off a wait throws something, and of that nothing failed. */
    private void ended(Throwable e) {
        if (stopping) {
            LOG.info("{}: it was stopped, by {}", subject(), RootCause.line(e));
            progress = Progress.STOPPED;
        } else {
            failure = RootCause.line(e);
            progress = Progress.FAILED;
            LOG.warn("{} failed", subject(), e);
        }
    }

    /** Asks the job to stop; it ends soon after. */
    void stop() {
        PipelineResult started = beginToStop();
        if (started != null && progress == Progress.RUNNING) {
            cancel(started);
        }
    }

    private synchronized @Nullable PipelineResult beginToStop() {
        stopping = stopping || progress == Progress.RUNNING;
        if (result == null && starting != null) {
            starting.interrupt();
        }
        return result;
    }

    private void cancel(PipelineResult started) {
        try {
            started.cancel();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: it could not be stopped as it should", subject(), e);
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
