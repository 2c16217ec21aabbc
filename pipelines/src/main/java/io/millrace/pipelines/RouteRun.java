package io.millrace.pipelines;

import io.millrace.devinterface.spec.EnrichSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.JobRun.Progress;
import java.util.List;
import org.apache.beam.sdk.metrics.MetricResults;

/** What a job in this process is for one of its routes. */
final class RouteRun {
    private final JobRun job;
    private final String pipeline;
    private final RouteSpec route;
    private volatile RouteCounts counts = RouteCounts.NONE;
    private volatile List<LookupCounts> lookups = List.of();

    RouteRun(JobRun job, String pipeline, RouteSpec route) {
        this.job = job;
        this.pipeline = pipeline;
        this.route = route;
    }

    String route() {
        return route.name();
    }

    Progress progress() {
        return job.progress();
    }

    /** What it did so far; of a run that failed, what is still known of it. */
    RouteCounts counts() {
        count();
        return counts;
    }

    /** What its lookups did so far, likewise. */
    List<LookupCounts> lookups() {
        count();
        return lookups;
    }

    private void count() {
        job.result().ifPresent(started -> count(started.metrics()));
    }

    private void count(MetricResults metrics) {
        RouteCounts now = RouteCounts.of(metrics, pipeline, route.name());
        if (progress() != Progress.FAILED || now.in() > 0) {
            counts = now;
            lookups = route.lookups().stream()
                    .map(EnrichSpec::into)
                    .map(into -> LookupCounts.of(metrics, pipeline, route.name(), into))
                    .toList();
        }
    }
}
