package io.millrace.pipelines;

import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.StartedWith;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.RememberedJob;
import io.millrace.runnerprofiles.SavedState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a cluster and a catalog know of the jobs of one name, of which one runs at a time. */
final class JobHistory {
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final String jobName;

    JobHistory(FlinkCluster cluster, Catalog catalog, String jobName) {
        this.cluster = cluster;
        this.catalog = catalog;
        this.jobName = jobName;
    }

    /** The id of the job that runs. */
    Optional<String> running() {
        return Optional.ofNullable(cluster.runningJobs().get(jobName));
    }

    /** Whether a job runs. */
    boolean runs(String jobId) {
        return running().equals(Optional.of(jobId));
    }

    /** The job that ran last, as far as it has left points. */
    Optional<String> ranLast() {
        return catalog.read(catalog.names().stream().limit(1).toList()).stream()
                .map(RestorePoint::jobId)
                .findFirst();
    }

    /** The jobs that the cluster remembers to have begun since a time, but for those that could not. */
    Stream<String> begunSince(Instant since) {
        return cluster.jobs().stream()
                .filter(job -> job.name().equals(jobName) && job.startMillis() >= since.toEpochMilli())
                .filter(job -> !restorable(job).shown().isEmpty())
                .map(RememberedJob::id);
    }

    /** What was begun since the last rewind that came to its end, and did not come to its own. */
    Stream<Rewind> unfinished() {
        return catalog.rewinds().stream()
                .takeWhile(rewind -> rewind.step() != Step.DONE)
                .filter(rewind -> !rewind.isOver());
    }

    /** With what a job was started, as it says itself, or the rewind that began it. */
    Optional<StartedWith> startedWith(String jobId) {
        return saysStartedWith(jobId)
                .or(() -> catalog.rewinds().stream()
                        .filter(rewind -> rewind.jobId().equals(jobId))
                        .map(Rewinds::startedWith)
                        .findFirst());
    }

    /** With what a job was started, as it says itself. */
    Optional<StartedWith> saysStartedWith(String jobId) {
        return restorable(jobId).flatMap(job -> JobOptions.startedWith(job.shown()));
    }

    /** What a job says of itself, asked of the cluster for as long as that remembers it. */
    Optional<Restorable> restorable(String jobId) {
        return cluster.jobs().stream()
                .filter(job -> job.id().equals(jobId))
                .findFirst()
                .map(this::restorable)
                .or(() -> catalog.job(jobId));
    }

    private Restorable restorable(RememberedJob job) {
        return new Restorable(
                job.id(), Instant.ofEpochMilli(job.startMillis()), cluster.version(), cluster.options(job.id()));
    }

    /** What the job said of itself that left a point. */
    Restorable whoLeft(RestorePoint point) {
        return catalog.job(point.jobId())
                .or(() -> restorable(point.jobId()))
                .orElseThrow(() -> new FlinkClusterException(
                        "what job " + point.jobId() + " was is not known any more, which left point " + point.path()));
    }

    /** The newest state that a job has left, as it is noted or the cluster remembers it. */
    Optional<RestorePoint> left(String jobId) {
        Stream<RestorePoint> noted = catalog.names().stream()
                .filter(name -> !jobId.isEmpty() && name.contains(jobId))
                .flatMap(name -> catalog.read(List.of(name)).stream())
                .filter(point -> SavedState.exists(point.path()));
        return Stream.concat(remembered(jobId), noted)
                .filter(RestorePoint::isComplete)
                .max(Comparator.comparing(RestorePoint::id));
    }

    private Stream<RestorePoint> remembered(String jobId) {
        Optional<Restorable> job = restorable(jobId);
        return cluster.knows(jobId)
                ? cluster.rememberedStates(jobId).completed().stream()
                        .flatMap(state -> job.flatMap(one -> RestorePoint.of(one, state, kind(state))).stream())
                : Stream.of();
    }

    private static Kind kind(CompletedState state) {
        return state.isSavepoint() ? Kind.SAVEPOINT : Kind.CHECKPOINT;
    }
}
