package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.OffsetRange;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Again;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.Rewind.Step;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.StartedWith;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.RememberedJob;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.UserJars;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Takes one job back to a restore point.
 *
 * <p>What is chosen is in the job's catalog before anything is done, with the ids that the cluster is to use, and so is how far it has come: who finds it there
 * goes on with it. A job that cannot begin with a point is never stopped for it.
 */
final class Rewinds {
    private static final Duration STOPS_WITHIN = Duration.ofMinutes(2);
    private static final Duration CHECKPOINT_WITHIN = Duration.ofMinutes(10);
    private static final Duration BEYOND_HEARTBEATS = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final String jobName;
    private final UserJars jars;

    Rewinds(Terminal terminal, FlinkCluster cluster, Catalog catalog, String jobName, UserJars jars) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.catalog = catalog;
        this.jobName = jobName;
        this.jars = jars;
    }

    /** Where a spec is read for the cluster. */
    Target target() {
        return cluster.isOnThisMachine() ? Target.LOCAL_CLUSTER : Target.REMOTE;
    }

    /** The last time that the job was rewound. */
    Optional<Rewind> last() {
        return catalog.rewinds().stream().findFirst();
    }

    /** Whether the job of a rewind runs. */
    boolean runs(Rewind rewind) {
        return running().equals(Optional.of(rewind.jobId()));
    }

    private Optional<String> running() {
        return Optional.ofNullable(cluster.runningJobs().get(jobName));
    }

    /**
     * Chooses a point and all else; nothing is done yet.
     *
     * @param given the spec with which the job goes on, if not with its own
     * @param beamOptions Beam's options, where they are not those that the job has
     */
    Rewind choose(Instant to, Optional<RouterSpec> given, Reading reading, List<String> beamOptions) {
        RestorePoint point = catalog.newestBefore(to)
                .orElseThrow(
                        () -> new FlinkClusterException("job " + jobName + " has no complete restore point from before "
                                + to + ": rewind list shows those that there are"));
        Optional<String> before = running().or(this::ranLast);
        StartedWith start = start(before, given, beamOptions);
        return new Rewind(
                nextEpoch(),
                to,
                false,
                point,
                before.orElse(""),
                null,
                start.text(),
                reading.text(),
                Lineages.anew(),
                FlinkCluster.newId(),
                Step.PLANNED);
    }

    /** What takes the last rewind back. */
    Rewind undoing(Rewind last) {
        RestorePoint undo = last.undo();
        if (undo == null) {
            throw new FlinkClusterException("what ran before job " + jobName + " was rewound to " + last.to()
                    + " has left no state to go back to; rewind run goes to another point");
        }
        String start = catalog.job(undo.jobId())
                .map(job -> job.shown().getOrDefault(JobOptions.STARTED_WITH, ""))
                .filter(text -> !text.isEmpty())
                .orElse(last.startedWith());
        return new Rewind(
                nextEpoch(),
                undo.at(),
                true,
                undo,
                last.jobId(),
                null,
                start,
                Reading.STATE.text(),
                Lineages.anew(),
                FlinkCluster.newId(),
                Step.PLANNED);
    }

    private long nextEpoch() {
        return Math.max(jobs(List.of()).epoch(jobName), catalog.highestEpoch()) + 1;
    }

    private ClusterJobs jobs(List<String> beamOptions) {
        return new ClusterJobs(terminal, cluster, jars, beamOptions);
    }

    /** The job that ran last, as far as it has left points. */
    private Optional<String> ranLast() {
        return catalog.read(catalog.names().stream().limit(1).toList()).stream()
                .map(RestorePoint::jobId)
                .findFirst();
    }

    private StartedWith start(Optional<String> before, Optional<RouterSpec> given, List<String> beamOptions) {
        Optional<StartedWith> had =
                before.flatMap(this::restorable).flatMap(job -> JobOptions.startedWith(job.shown()));
        if (had.isEmpty() && given.isEmpty()) {
            throw new FlinkClusterException("--spec must be given, with Beam's options, since job " + jobName
                    + " does not say with what it was started: it may have secrets in its spec that are no references");
        }
        StartedWith start = new StartedWith(
                given.map(RouterSpec::json).orElseGet(() -> had.orElseThrow().spec()),
                had.map(StartedWith::scriptVersion).orElse(""),
                beamOptions.isEmpty() ? had.map(StartedWith::beamOptions).orElse(List.of()) : beamOptions);
        if (start.text().isEmpty()) {
            throw new FlinkClusterException(
                    "--spec must have references such as ${env:NAME} for secrets, since it is noted"
                            + " with what a job goes on");
        }
        return start;
    }

    /** What a job says of itself, asked of the cluster for as long as that remembers it. */
    private Optional<Restorable> restorable(String jobId) {
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

    private static StartedWith startedWith(Rewind rewind) {
        return StartedWith.parse(rewind.startedWith()).orElseThrow();
    }

    /** The job that a rewind begins, checked for whether it can begin with the point. */
    Successor successor(Rewind rewind) {
        StartedWith start = startedWith(rewind);
        Problems problems = new Problems();
        Optional<RouterSpec> spec = problems.noting(() -> SpecReader.read(start.spec(), Target.LOCAL));
        problems.throwIfAny();
        List<RouteSpec> routes = routes(spec.orElseThrow(), problems);
        problems.throwIfAny();
        RouterJob job = RouterJob.anew(spec.orElseThrow(), routes, rewind.lineage())
                .inEpoch(rewind.epoch())
                .withScriptVersion(start.scriptVersion());
        Map<String, String> shown = catalog.job(rewind.point().jobId())
                .or(() -> restorable(rewind.point().jobId()))
                .map(Restorable::shown)
                .orElseThrow(() -> new FlinkClusterException(
                        "what job " + rewind.point().jobId() + " was is not known" + " any more, which left point "
                                + rewind.point().path()));
        Successor successor = Successor.of(job, shown, reading(rewind));
        if (successor.reading() == Reading.STATE && job.shape().stream() && !successor.readsItsSource()) {
            problems.add(
                    "--source",
                    "must be offsets, since the source of the spec is another than that of the point; state goes on reading that, with"
                            + " the spec of then");
        }
        successor.check(problems);
        problems.throwIfAny();
        return successor;
    }

    private static Reading reading(Rewind rewind) {
        return Stream.of(Reading.values())
                .filter(one -> one.text().equals(rewind.source()))
                .findFirst()
                .orElseThrow();
    }

    private List<RouteSpec> routes(RouterSpec spec, Problems problems) {
        List<RouteSpec> routes = spec.routes().stream()
                .filter(route -> spec.isShared() || jobName.equals(spec.name() + "--" + route.name()))
                .toList();
        if (routes.isEmpty() || (spec.isShared() && !jobName.equals(spec.name()))) {
            problems.add("--spec", "must have a route or be shared such that its job is " + jobName);
            return List.of();
        }
        return routes;
    }

    /** What is read again; fails where Kafka has deleted some of it. */
    List<Again> again(Rewind rewind, Successor successor) {
        Map<String, Map<Integer, OffsetRange>> held = held(successor.job());
        List<Again> again = Again.of(rewind.point(), held);
        List<String> missing =
                again.stream().filter(Again::isMissing).map(Again::missing).toList();
        if (!missing.isEmpty()) {
            throw new FlinkClusterException("job " + jobName + " cannot be taken back to "
                    + rewind.point().at() + ": " + String.join("; ", missing));
        }
        rewind.point().offsets().offsets().forEach((topic, partitions) -> {
            int now = held.getOrDefault(topic, Map.of()).size();
            if (successor.reading() == Reading.STATE && now > partitions.size()) {
                throw new FlinkClusterException("--source must be offsets, since topic " + topic + " has " + now
                        + " partitions, and " + partitions.size() + " when the point was made");
            }
        });
        return again;
    }

    private static Map<String, Map<Integer, OffsetRange>> held(RouterJob job) {
        Map<String, Map<Integer, OffsetRange>> held = new TreeMap<>();
        job.sources().forEach(source -> {
            KafkaSource kafka = source.kafka();
            if (kafka != null) {
                try {
                    held.putAll(KafkaEvents.held(kafka));
                } catch (IOException e) {
                    throw new FlinkClusterException(String.valueOf(e.getMessage()), e);
                }
            }
        });
        return held;
    }

    /** How many events a second the job could read at most, from what it reads and for how much of its time it is busy; nothing where that is not known. */
    Optional<Double> capacity() {
        return running()
                .flatMap(id -> rate(id).flatMap(rate -> {
                    double busy = cluster.busy(id).orElse(0);
                    return rate > 0 && busy > 0 ? Optional.of(rate / Math.min(1, busy)) : Optional.empty();
                }));
    }

    /** The events a second that a job has read between its two newest points. */
    Optional<Double> rate(String jobId) {
        List<RestorePoint> points = catalog
                .read(catalog.names().stream().limit(20).toList())
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

    /**
     * Does what is left of a rewind, and gives the exit status.
     *
     * @param cancels whether the job that runs is cancelled instead of stopped with a savepoint
     */
    int run(Rewind rewind, boolean cancels) {
        Successor successor = successor(rewind);
        again(rewind, successor);
        ClusterJobs jobs = jobs(startedWith(rewind).beamOptions());
        String jar = jobs.upload();
        restorable(rewind.point().jobId()).ifPresent(catalog::add);
        catalog.add(rewind);
        Rewind stopped = rewind.step() == Step.PLANNED ? stop(rewind, successor, cancels) : rewind;
        Rewind begun = begin(stopped, successor, jobs, jar);
        terminal.err().println("waiting for its first checkpoint");
        cluster.awaitCheckpoint(begun.jobId(), jobName, CHECKPOINT_WITHIN);
        catalog.add(begun.at(Step.DONE));
        terminal.out()
                .println("job " + jobName + " is in epoch " + begun.epoch() + "; rewind undo goes back to "
                        + Optional.ofNullable(begun.undo())
                                .map(undo -> "what it was, " + undo.path())
                                .orElse("nothing, since what ran before has left no state"));
        return Commands.DONE;
    }

    private Rewind stop(Rewind rewind, Successor successor, boolean cancels) {
        Optional<String> running = running();
        String id = running.orElse(rewind.before());
        if (running.isPresent()) {
            successor.checkReadable(rewind.point().path());
            restorable(id).ifPresent(catalog::add);
            stop(id, cancels);
        }
        RestorePoint left = left(id).orElse(null);
        if (left != null) {
            catalog.add(left);
        }
        Rewind stopped = rewind.stopped(id, left);
        catalog.add(stopped);
        return stopped;
    }

    private void stop(String id, boolean cancels) {
        if (cancels || isUnfinished(id)) {
            terminal.err().println("cancelling job " + jobName);
            cluster.cancel(id, jobName, STOPS_WITHIN);
            return;
        }
        terminal.err().println("stopping job " + jobName + " with a savepoint, for undo");
        try {
            cluster.stopWithSavepoint(id, jobName, STOPS_WITHIN);
        } catch (FlinkClusterException e) {
            throw new FlinkClusterException(
                    e.getMessage()
                            + "; --cancel cancels it instead: its newest checkpoint is then what undo goes back to",
                    e);
        }
    }

    /** Whether a job was begun by a rewind that has not come to its end: it may never have completed a checkpoint. */
    private boolean isUnfinished(String jobId) {
        return catalog.rewinds().stream()
                .anyMatch(rewind -> rewind.jobId().equals(jobId) && rewind.step() == Step.STOPPED);
    }

    /** The newest state that a job has left. */
    private Optional<RestorePoint> left(String jobId) {
        if (jobId.isEmpty()) {
            return Optional.empty();
        }
        Optional<Restorable> job = restorable(jobId);
        Stream<RestorePoint> remembered = cluster.knows(jobId) && job.isPresent()
                ? cluster.rememberedStates(jobId).completed().stream()
                        .sorted(Comparator.comparingLong(CompletedState::id).reversed())
                        .flatMap(state ->
                                RestorePoint.of(
                                        job.get(), state, state.isSavepoint() ? Kind.SAVEPOINT : Kind.CHECKPOINT)
                                        .stream())
                : Stream.of();
        Stream<RestorePoint> noted = catalog.names().stream()
                .filter(name -> name.contains(jobId))
                .flatMap(name -> catalog.read(List.of(name)).stream())
                .filter(point -> SavedState.exists(point.path()));
        return Stream.concat(remembered, noted).filter(RestorePoint::isComplete).findFirst();
    }

    private Rewind begin(Rewind rewind, Successor successor, ClusterJobs jobs, String jar) {
        Rewind due = rewind;
        if (cluster.hasFailed(rewind.jobId())) {
            due = rewind.as(FlinkCluster.newId());
            catalog.add(due);
        }
        successor.news(due.point().path()).forEach(terminal.out()::println);
        Successor.Start start = successor.from(due.point().path());
        if (!cluster.knows(due.jobId())) {
            awaitEndOfWriters(due);
        }
        jobs.start(start.job(), due.jobId(), Optional.of(start.state()), jar);
        return due;
    }

    /**
     * A task of whose cluster nothing is heard goes on until that is noticed: where it is not known that each task of a job has come to its end, that is waited for.
     */
    private void awaitEndOfWriters(Rewind rewind) {
        if (rewind.before().isEmpty() || cluster.hasFinished(rewind.before())) {
            return;
        }
        Duration wait = cluster.heartbeatTimeout().plus(BEYOND_HEARTBEATS);
        terminal.err()
                .println("waiting for " + wait.toSeconds() + " s, since tasks of job " + rewind.before()
                        + " may still write that have lost their cluster");
        try {
            if (new CountDownLatch(1).await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkClusterException("interrupted while waiting for tasks to end", e);
        }
    }

    /** Says that a rewind was given up before anything was stopped. */
    void giveUp(Rewind rewind) {
        catalog.add(rewind.at(Step.GIVEN_UP));
    }

    /** Whether the job of before a rewind runs still. */
    boolean runsStill(Rewind rewind) {
        return rewind.step() == Step.PLANNED && running().equals(Optional.of(rewind.before()));
    }

    /** Notes what became of the job that a rewind was about to stop, where that broke off. */
    Rewind stopped(Rewind rewind) {
        return rewind.step() == Step.PLANNED ? stop(rewind, successor(rewind), false) : rewind;
    }
}
