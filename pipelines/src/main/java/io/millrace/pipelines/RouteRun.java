package io.millrace.pipelines;

import io.millrace.pipelines.JobRun.Progress;

/** What a job in this process is for one of its routes. */
final class RouteRun {
    private final JobRun job;
    private final String pipeline;
    private final String route;
    private volatile RouteCounts counts = RouteCounts.NONE;

    RouteRun(JobRun job, String pipeline, String route) {
        this.job = job;
        this.pipeline = pipeline;
        this.route = route;
    }

    String route() {
        return route;
    }

    Progress progress() {
        return job.progress();
    }

    /** What it did so far; of a run that failed, what is still known of it. */
    RouteCounts counts() {
        job.result().ifPresent(started -> {
            RouteCounts now = RouteCounts.of(started.metrics(), pipeline, route);
            counts = progress() == Progress.FAILED && now.in() == 0 ? counts : now;
        });
        return counts;
    }
}
