package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.runnerprofiles.FlinkCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How fast the job of one name could read, from what it reads now. */
final class Pace {
    private static final int POINTS_OF_A_RATE = 20;

    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final JobHistory history;

    Pace(FlinkCluster cluster, Catalog catalog, JobHistory history) {
        this.cluster = cluster;
        this.catalog = catalog;
        this.history = history;
    }

    /** How long it should take to read so many events, as a person reads it. */
    String takes(long events) {
        return capacity()
                .map(perSecond ->
                        "about %s for %,d events, at %,.0f events/s: what the job reads now, divided by the share of its time for which it is busy; one that is hardly busy takes less for each event when there are many"
                                .formatted(
                                        Duration.ofSeconds(Math.round(events / perSecond))
                                                .toString(),
                                        events,
                                        perSecond))
                .orElse("not known, since the job reads too little now; %,d events".formatted(events));
    }

    /** How many events a second the job could read at most, from what it reads and for how much of its time it is busy; nothing where that is not known. */
    private Optional<Double> capacity() {
        return history.running()
                .flatMap(id -> rate(id).flatMap(rate -> {
                    double busy = cluster.busy(id).orElse(0);
                    return rate > 0 && busy > 0 ? Optional.of(rate / Math.min(1, busy)) : Optional.empty();
                }));
    }

    /** The events a second that a job has read over its points among the newest. */
    private Optional<Double> rate(String jobId) {
        List<RestorePoint> points = catalog
                .read(catalog.names().stream().limit(POINTS_OF_A_RATE).toList())
                .stream()
                .filter(point -> point.jobId().equals(jobId)
                        && !point.offsets().offsets().isEmpty())
                .toList();
        if (points.size() < 2) {
            return Optional.empty();
        }
        RestorePoint newest = points.get(0);
        RestorePoint oldest = points.get(points.size() - 1);
        double seconds = Duration.between(oldest.at(), newest.at()).toMillis() / 1e3;
        return seconds > 0
                ? Optional.of((newest.offsets().sum() - oldest.offsets().sum()) / seconds)
                : Optional.empty();
    }
}
