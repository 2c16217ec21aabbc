package io.millrace.pipelines;

import io.millrace.io.sink.Lease;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes one job back to a restore point.
 *
 * <p>What is chosen is in the job's catalog before anything is done, with the ids that the cluster is to use, and so is how far it has come: who finds it there
 * goes on with it. A job that cannot begin with a point is never stopped for it: the cluster has built it before the one that runs is stopped.
 */
final class RewindSteps {
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(2);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration CHECKPOINT_WITHIN = Duration.ofMinutes(10);
    private static final Duration BEYOND_HEARTBEATS = Duration.ofSeconds(10);
    private static final Duration STOP_SHOWS_WITHIN = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final JobHistory history;
    private final boolean cancels;

    /**
     * Those of one job.
     *
     * @param cancels whether the job that runs is cancelled instead of stopped with a savepoint
     */
    RewindSteps(Rewinds rewinds, boolean cancels) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.cluster = rewinds.cluster();
        this.catalog = rewinds.catalog();
        this.history = rewinds.history();
        this.cancels = cancels;
    }

    /** Does what is left of a rewind, and gives the exit status. */
    int run(Rewind rewind) {
        Successor successor = rewinds.successor(rewind);
        Rewind begun = rewind.hasBegun() ? rewind : begin(rewind, successor);
        new Settlement(rewinds, begun, successor).settle();
        catalog.add(begun.at(Step.DONE));
        terminal.out()
                .println("job " + rewinds.jobName() + " is in epoch " + begun.epoch()
                        + (begun.undoes() ? "" : "; rewind undo takes that back"));
        return Commands.DONE;
    }

    private Rewind begin(Rewind rewind, Successor successor) {
        rewinds.again(rewind, successor);
        checkIsAlone(rewind);
        checkNothingIsParked(rewind);
        history.restorable(rewind.point().jobId()).ifPresent(catalog::add);
        if (cluster.hasFailed(rewind.jobId())) {
            awaitEndOfWriters(rewind.jobId());
            return begin(rewind.as(FlinkCluster.newId()), successor, rewinds.jobs(rewind));
        }
        return begin(rewind, successor, rewinds.jobs(rewind));
    }

    private Rewind begin(Rewind due, Successor successor, ClusterJobs jobs) {
        String jar = jobs.upload();
        catalog.add(due);
        catalog.removePrepared(due.jobId());
        successor.news(due.point().path()).forEach(terminal.out()::println);
        Successor.Start start = successor.from(due.point().path());
        CompletableFuture<Void> ready =
                CompletableFuture.runAsync(() -> jobs.beginInTurn(start.job(), due.jobId(), start.state(), jar));
        awaitReady(due, ready);
        Rewind stopped = due.step() == Step.STOPPED ? due : stop(due, successor);
        try {
            join(ready);
        } catch (FlinkClusterException e) {
            jobs.beginInTurn(
                    start.job(),
                    due.jobId(),
                    start.state(),
                    jar); // the cluster may have given up after its eight minutes
        }
        jobs.awaitRunning(rewinds.jobName(), due.jobId(), Optional.of(start.state()));
        history.restorable(due.jobId()).ifPresent(catalog::add);
        terminal.err().println("waiting for its first checkpoint");
        cluster.awaitCheckpoint(due.jobId(), rewinds.jobName(), CHECKPOINT_WITHIN);
        Rewind begun = stopped.at(Step.RUNS);
        catalog.add(begun);
        return begun;
    }

    /** What waits in topics was made by the job of before: the one that begins would write it as its own. */
    private void checkNothingIsParked(Rewind rewind) {
        if (rewind.step() != Step.STOPPED) {
            history.running()
                    .or(() -> Optional.of(rewind.before()))
                    .flatMap(history::restorable)
                    .ifPresent(job -> JobOptions.parking(job.shown())
                            .ifPresent(parking -> ParkedEvents.checkNone(
                                    parking,
                                    JobOptions.routes(job.shown()).keySet(),
                                    "rewind job " + rewinds.jobName() + " when they are delivered")));
        }
    }

    /** What was begun since by somebody else would run beside what this begins. */
    private void checkIsAlone(Rewind rewind) {
        Optional<String> running = history.running().filter(id -> !id.equals(rewind.jobId()));
        if (rewind.step() == Step.STOPPED && running.isPresent()) {
            throw new FlinkClusterException("job " + rewinds.jobName() + " runs as " + running.get()
                    + ", which somebody has begun since it was stopped for the rewind to " + rewind.to()
                    + ": stop it, and the same command goes on");
        }
    }

    /** Until then what runs goes on. */
    private void awaitReady(Rewind rewind, CompletableFuture<Void> ready) {
        terminal.err().println("letting the cluster make ready for job " + rewind.jobId());
        for (long look = READY_WITHIN.dividedBy(BETWEEN_LOOKS); look > 0; look--) {
            if (ready.isDone()) {
                join(ready);
                return;
            }
            if (catalog.isPrepared(rewind.jobId())) {
                return;
            }
            Waiting.pause(BETWEEN_LOOKS);
        }
        throw new FlinkClusterException("the cluster has not built job " + rewind.jobId() + " within "
                + READY_WITHIN.toSeconds() + " s; what ran goes on, and the same command tries it again");
    }

    private static void join(CompletableFuture<Void> ready) {
        try {
            ready.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof FlinkClusterException failure
                    ? failure
                    : new FlinkClusterException("the job did not start: " + RootCause.line(e), e);
        }
    }

    private Rewind stop(Rewind rewind, Successor successor) {
        Optional<String> running = history.running();
        String id = running.orElse(rewind.before());
        checkIsThere(rewind.point());
        checkNothingIsParked(rewind);
        Rewind stopping = rewind.stopping(id);
        catalog.add(stopping);
        if (running.isPresent()) {
            history.restorable(id).ifPresent(catalog::add);
            stop(id, rewind.point());
        }
        awaitEndOfWriters(id);
        checkIsThere(rewind.point());
        checkGoesOn(stopping);
        Rewind stopped = left(stopping, id, successor);
        Optional.ofNullable(stopped.undo()).ifPresent(catalog::addIfNew);
        catalog.add(stopped);
        return stopped;
    }

    private static void checkIsThere(RestorePoint point) {
        if (!Catalog.isThere(point)) {
            throw new FlinkClusterException(
                    "point " + point.path()
                            + " is not there any more: rewind undo goes back to what ran, and rewind run with another --to to another point");
        }
    }

    /** Somebody else may have come between. */
    private void checkGoesOn(Rewind stopping) {
        Optional<String> running = history.running();
        if (running.isPresent()) {
            throw new FlinkClusterException("job " + rewinds.jobName() + " runs again, as " + running.get()
                    + ", which somebody has begun meanwhile: the same command stops that too");
        }
        boolean isMine =
                catalog.rewind(stopping.epoch()).filter(stopping::equals).isPresent();
        if (!isMine || catalog.highestEpochOfJobs() != stopping.epoch()) {
            throw new FlinkClusterException(
                    "the rewind of job " + rewinds.jobName()
                            + " was given up meanwhile by another command, when the job was stopped already: router --restore=latest begins it again");
        }
    }

    /** The same with what a job has left that is no more. */
    private Rewind left(Rewind rewind, String jobId, Successor successor) {
        Optional<RestorePoint> left = history.left(jobId);
        return rewind.stopped(jobId, left.orElse(null), reached(rewind, jobId, left, successor));
    }

    /**
     * How far jobs may have read that are no more: the last one to its savepoint, unless it was not stopped with one, or one of another rewind, which was not finished, has ended by itself; then to what Kafka
     * has now. And those that rewinds have stopped which are not over, from whose ends on nothing has been made again.
     */
    private TopicOffsets reached(Rewind rewind, String jobId, Optional<RestorePoint> left, Successor successor) {
        boolean isLast = history.unfinished()
                .noneMatch(other ->
                        Rewinds.mayHaveWritten(other, rewind) && !other.jobId().equals(jobId));
        TopicOffsets last = left.filter(point -> isLast && point.kind() == Kind.SAVEPOINT && cluster.hasFinished(jobId))
                .map(RestorePoint::offsets)
                .filter(offsets -> !offsets.equals(TopicOffsets.NONE))
                .orElseGet(() -> HeldTopics.now(successor.job()).ends());
        return history.unfinished().map(Rewind::reached).reduce(last, TopicOffsets::furthest);
    }

    private void stop(String id, RestorePoint point) {
        boolean losesPoint = point.kind() == Kind.CHECKPOINT && point.jobId().equals(id);
        if (losesPoint && !cluster.keepsCheckpoints(id)) {
            throw new FlinkClusterException(
                    "the point is a checkpoint of job " + id + ", which deletes its checkpoints when it ends:"
                            + " rewind watch --savepointEvery makes points that last");
        }
        if (cancels || losesPoint || mayHaveNoCheckpoint(id)) {
            terminal.err()
                    .println("cancelling job " + rewinds.jobName()
                            + (losesPoint ? ", since to stop it with a savepoint deletes its checkpoints" : ""));
            cluster.cancel(id, rewinds.jobName(), STOPS_WITHIN);
            return;
        }
        terminal.err().println("stopping job " + rewinds.jobName() + " with a savepoint, for undo");
        try {
            cluster.stopWithSavepoint(id, rewinds.jobName(), STOPS_WITHIN);
        } catch (FlinkClusterException e) {
            if (history.runs(id)) {
                throw new FlinkClusterException(
                        e.getMessage()
                                + "; --cancel cancels it instead: its newest checkpoint is then what undo goes back to",
                        e);
            }
        }
    }

    /** Whether a job may never have completed a checkpoint, since the rewind that began it has not seen one. */
    private boolean mayHaveNoCheckpoint(String jobId) {
        return catalog.rewinds().stream()
                .anyMatch(rewind -> rewind.jobId().equals(jobId) && rewind.step() == Step.STOPPED);
    }

    /**
     * A task of whose cluster nothing is heard goes on until that is noticed, and one whose process stands still has a lease: where it is not known that each task of a job has come to its end, both are waited for.
     */
    private void awaitEndOfWriters(String jobId) {
        if (jobId.isEmpty() || cluster.hasFinished(jobId)) {
            return;
        }
        Duration heard = cluster.heartbeatTimeout().plus(BEYOND_HEARTBEATS);
        Duration wait = heard.compareTo(Lease.LENGTH) > 0 ? heard : Lease.LENGTH.plusSeconds(1);
        terminal.err()
                .println("waiting for " + wait.toSeconds() + " s, since tasks of job " + jobId
                        + " may still write that have lost their cluster");
        Waiting.pause(wait);
    }

    /** Takes the last rewind back, and gives the exit status. */
    int undo(Rewind last) {
        if (last.step() == Step.PLANNED || isStillRunning(last)) {
            catalog.add(last.at(Step.GIVEN_UP));
            terminal.out()
                    .println("the rewind to " + last.to()
                            + " is given up, and the job goes on; should it be stopping still,"
                            + " router --restore=latest begins it again");
            return Commands.DONE;
        }
        // Of one that broke off while it stopped the job it is not noted what that left; nor may it be, or the cluster
        // would begin its job.
        Rewind stopped = last.step() == Step.STOPPING ? left(last, last.before(), rewinds.foreseen(last)) : last;
        Rewind undoing = rewinds.undoing(stopped);
        if (rewinds.hadOtherSpec(undoing)) {
            terminal.err()
                    .println(
                            "job " + rewinds.jobName() + " had another spec at "
                                    + undoing.point().at()
                                    + " than when it was rewound: all since then is made again with the later one; rewind run --spec makes it with another");
        }
        return run(undoing);
    }

    /** Whether a job that was about to be stopped runs on, when what was on its way has come. */
    private boolean isStillRunning(Rewind last) {
        boolean runs = last.step() == Step.STOPPING;
        for (long look = STOP_SHOWS_WITHIN.dividedBy(BETWEEN_LOOKS); runs && look > 0; look--) {
            runs = history.runs(last.before());
            if (runs) {
                Waiting.pause(BETWEEN_LOOKS);
            }
        }
        return runs;
    }
}
