package io.millrace.pipelines.rewind;

import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.RememberedJob;
import io.millrace.runnerprofiles.RememberedStates;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalogs of a cluster's jobs: notes the savepoints and checkpoints that they complete, drops those that are gone, and, if asked to, makes
 * savepoints by a schedule and deletes old ones.
 *
 * <p>What it has to know is in the catalogs and on the cluster: it can be ended at any moment and begun again, and two of them do no harm but to make more
 * savepoints. What fails for one job or point does not stop the others, and is tried again at the next look.
 */
public final class Watch {
    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
    private static final Duration JUST_STARTED = Duration.ofDays(1);

    private final FlinkCluster cluster;
    private final StateFolder catalogs;
    private final Settings settings;
    private final Clock clock;
    private final Consumer<String> told;
    private final Map<String, Watched> watched = new TreeMap<>();
    private final Map<String, Restorable> jobs = new HashMap<>();
    /** The folders of the states with which each job was seen to have begun. */
    private final Map<String, Set<String>> begunWith = new HashMap<>();

    /**
     * What is watched, and done.
     *
     * @param jobName the name of the only job that is watched; null for all that are ours
     * @param savepointEvery how far savepoints of a job are apart; null where none are made
     * @param retention which are deleted
     */
    public record Settings(
            @Nullable String jobName, @Nullable Duration savepointEvery, Retention retention) {}

    /**
     * Watches a cluster.
     *
     * @param catalogs the folder of catalogs
     * @param told is told what becomes of points, one line each
     */
    public Watch(FlinkCluster cluster, StateFolder catalogs, Settings settings, Clock clock, Consumer<String> told) {
        this.cluster = cluster;
        this.catalogs = catalogs;
        this.settings = settings;
        this.clock = clock;
        this.told = told;
    }

    /** Looks once, and does what is due; gives what could not be done, one line each. */
    public List<String> look() {
        List<String> troubles = new ArrayList<>();
        attempt(() -> look(troubles), troubles);
        return troubles;
    }

    /** Whether savepoints are being made, which later looks see completed. */
    public boolean awaitsSavepoints() {
        return watched.values().stream().anyMatch(its -> its.pending != null);
    }

    private static void attempt(Runnable step, List<String> troubles) {
        try {
            step.run();
        } catch (FlinkClusterException e) {
            troubles.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // of a file system's client, for one
            troubles.add(e.toString());
        }
    }

    private void look(List<String> troubles) {
        catalogs.names().stream().filter(this::isWatched).forEach(name -> attempt(() -> catalogOf(name), troubles));
        List<RememberedJob> all = cluster.jobs();
        List<RememberedJob> begun = all.stream().filter(job -> !job.begins()).toList(); // the others say nothing yet
        Set<String> ids = begun.stream().map(RememberedJob::id).collect(Collectors.toSet());
        jobs.keySet().retainAll(ids);
        begunWith.keySet().retainAll(ids);
        watched.values().forEach(its -> its.forgetSavepointOfOthersThan(all));
        for (RememberedJob job : begun) {
            attempt(() -> look(job, troubles), troubles);
        }
        watched.values().forEach(its -> its.sweep(all, troubles));
        attempt(() -> deleteOld(ids, troubles), troubles);
    }

    private void look(RememberedJob job, List<String> troubles) {
        RememberedStates states = cluster.rememberedStates(job.id());
        states.restoredFrom()
                .ifPresent(path -> begunWith
                        .computeIfAbsent(job.id(), none -> new HashSet<>())
                        .add(SavedState.folderOf(path)));
        if (isWatched(job.name()) && isOurs(job)) {
            Watched its = catalogOf(job.name());
            note(job, states.completed(), its, troubles);
            if (job.runs()) {
                its.savepoint(job);
            }
        }
    }

    private Watched catalogOf(String jobName) {
        return watched.computeIfAbsent(jobName, Watched::new);
    }

    private boolean isWatched(String jobName) {
        return settings.jobName == null || settings.jobName.equals(jobName);
    }

    /** A job that is being started says nothing yet: it is asked again. */
    private boolean isOurs(RememberedJob job) {
        if (!jobs.containsKey(job.id())) {
            Map<String, String> shown = cluster.options(job.id());
            if (!shown.containsKey(JobOptions.PIPELINE)) {
                return false;
            }
            jobs.put(
                    job.id(),
                    new Restorable(job.id(), Instant.ofEpochMilli(job.startMillis()), cluster.version(), shown));
        }
        return true;
    }

    private void note(RememberedJob job, List<CompletedState> states, Watched its, List<String> troubles) {
        Restorable said = jobs.get(job.id());
        for (CompletedState state : states) {
            if (said != null && !its.knows(job.id(), state.id())) {
                attempt(
                        () -> RestorePoint.of(said, state, its.kind(state)).ifPresent(point -> its.add(point, said)),
                        troubles);
            }
        }
    }

    /**
     * Deletes what is old, unless a job begins meanwhile, of which it is not known with what. What jobs began with stays for as long as the cluster remembers them,
     * also when they have ended: who ends a job may be about to begin with the same again.
     *
     * @param ids the jobs that were looked at
     */
    private void deleteOld(Set<String> ids, List<String> troubles) {
        if (settings.retention.equals(Retention.OF_ALL)) {
            return;
        }
        Set<String> inUse = begunWith.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Map<RestorePoint, Watched> old = new LinkedHashMap<>();
        for (Watched its : watched.values()) {
            if (!its.old(inUse).isEmpty()) {
                its.sweepScheduled(troubles); // so that those count which are complete now
                its.old(inUse).forEach(point -> old.put(point, its));
            }
        }
        if (old.isEmpty()) {
            return;
        }
        Set<String> needed = needed(old.keySet());
        List<RememberedJob> now = cluster.jobs();
        if (now.stream().noneMatch(job -> job.begins() || !ids.contains(job.id()))) {
            old.forEach((point, its) -> attempt(() -> its.delete(point, needed), troubles));
        }
    }

    /**
     * The files of every other state that is known, as the catalogs are now and the cluster remembers it. A savepoint needs none but its own, but a job that
     * took one for its own (Flink's restore mode CLAIM) goes on with its files.
     */
    private Set<String> needed(Set<RestorePoint> deleted) {
        Set<String> folders =
                deleted.stream().map(point -> SavedState.folderOf(point.path())).collect(Collectors.toSet());
        Stream<String> noted = catalogs.names().stream()
                .flatMap(name -> Catalog.of(name, catalogs).all().stream())
                .map(RestorePoint::path);
        Stream<String> remembered = cluster.jobs().stream()
                .filter(job -> !job.hasEnded())
                .map(job -> cluster.rememberedStates(job.id()))
                .flatMap(states -> Stream.concat(
                        states.completed().stream().map(CompletedState::path), states.restoredFrom().stream()));
        return Stream.concat(noted, remembered)
                .distinct()
                .filter(path -> !folders.contains(SavedState.folderOf(path)))
                .flatMap(path -> neededBy(path).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> neededBy(String path) {
        try {
            return SavedState.at(path).neededFiles();
        } catch (FlinkClusterException e) {
            if (SavedState.exists(path)) {
                throw new FlinkClusterException(
                        e.getMessage()
                                + "; nothing is deleted while it is not known which files it needs: delete its folder if it is of no use",
                        e);
            }
            return Set.of();
        }
    }

    /**
     * A savepoint that is being made, or was made and is still to be noted.
     *
     * @param made its path; null while it is being made
     * @param until when it is waited for at most, once it was made
     */
    private record Pending(
            String jobId, String trigger, @Nullable String made, Instant until) {}

    /** The points of the jobs of a name. */
    private final class Watched {
        private final String name;
        private final Catalog catalog;
        private final Map<String, RestorePoint> points = new TreeMap<>();
        private final Set<String> jobsNoted = new HashSet<>();
        private Instant swept = Instant.MIN;
        private Instant nextTry = Instant.MIN;
        private @Nullable Pending pending;

        Watched(String name) {
            this.name = name;
            this.catalog = Catalog.of(name, catalogs);
            catalog.all().forEach(point -> points.put(point.name(), point));
        }

        boolean knows(String jobId, long id) {
            return points.values().stream()
                    .anyMatch(point -> point.id() == id && point.jobId().equals(jobId));
        }

        Kind kind(CompletedState state) {
            if (!state.isSavepoint()) {
                return Kind.CHECKPOINT;
            }
            String scheduled = SavedState.folderOf(catalog.scheduled().toString()) + "/";
            return SavedState.folderOf(state.path()).startsWith(scheduled) ? Kind.SCHEDULED : Kind.SAVEPOINT;
        }

        void add(RestorePoint point, Restorable job) {
            if (jobsNoted.add(job.id())) {
                catalog.add(job);
            }
            replace(point);
        }

        private void replace(RestorePoint point) {
            catalog.add(point);
            points.put(point.name(), point);
            tell(point, point.isComplete() ? "" : ", which is not complete: " + String.join(", ", point.damages()));
        }

        /**
         * Drops points that are there no more: checkpoints of jobs that go on at each look, since Flink deletes them, the others now and then, when it is also
         * looked whether all files of each are there.
         */
        void sweep(List<RememberedJob> all, List<String> troubles) {
            Set<String> unended = all.stream()
                    .filter(job -> !job.hasEnded())
                    .map(RememberedJob::id)
                    .collect(Collectors.toSet());
            Instant now = clock.instant();
            boolean sweepsAll = swept.isBefore(now.minus(BETWEEN_SWEEPS));
            swept = sweepsAll ? now : swept;
            for (RestorePoint point : List.copyOf(points.values())) {
                boolean isFlinks = point.kind() == Kind.CHECKPOINT && unended.contains(point.jobId());
                if (sweepsAll || isFlinks) {
                    attempt(() -> sweep(point, sweepsAll), troubles);
                }
            }
            if (sweepsAll) {
                attempt(() -> catalog.forgetJobsBut(unended, now.minus(JUST_STARTED)), troubles);
            }
        }

        private void sweep(RestorePoint point, boolean looksAtFiles) {
            if (SavedState.isGone(point.path())) {
                remove(point);
            } else if (looksAtFiles) {
                List<String> damages = point.damagesNow();
                if (!damages.equals(point.damages())) {
                    replace(point.withDamages(damages));
                }
            }
        }

        private void remove(RestorePoint point) {
            catalog.remove(point);
            points.remove(point.name());
        }

        void delete(RestorePoint point, Set<String> needed) {
            if (SavedState.exists(point.path())) {
                SavedState.at(point.path()).delete(needed);
            }
            remove(point);
            tell(point, " was deleted");
        }

        /** A savepoint that is being made ends with its job. */
        void forgetSavepointOfOthersThan(List<RememberedJob> all) {
            Pending one = pending;
            if (one != null
                    && all.stream().noneMatch(job -> job.runs() && job.id().equals(one.jobId))) {
                pending = null;
            }
        }

        /** Begins a savepoint when one is due, or sees to the one that is being made. */
        void savepoint(RememberedJob job) {
            Instant now = clock.instant();
            Pending one = pending;
            if (settings.savepointEvery == null || (one != null && !one.jobId.equals(job.id()))) {
                return;
            }
            if (one != null) {
                pending = awaited(one, settings.savepointEvery, now);
            } else if (isDue(settings.savepointEvery, now)) {
                nextTry = now.plus(BETWEEN_TRIES);
                String trigger =
                        cluster.triggerSavepoint(job.id(), catalog.scheduled().toString());
                pending = new Pending(job.id(), trigger, null, Instant.MAX);
            }
        }

        private boolean isDue(Duration every, Instant now) {
            return !now.isBefore(nextTry)
                    && points.values().stream()
                            .filter(point -> point.kind() != Kind.CHECKPOINT)
                            .allMatch(point -> point.at().isBefore(now.minus(every)));
        }

        /** It is waited for until it is noted: what is remembered of checkpoints may be some seconds old. Null if it is waited for no longer. */
        private @Nullable Pending awaited(Pending one, Duration every, Instant now) {
            pending = null;
            String made = one.made;
            if (made == null) {
                nextTry = now.plus(BETWEEN_TRIES); // if it failed
                made = cluster.savepoint(one.jobId, name, one.trigger).orElse(null);
                return made == null ? one : new Pending(one.jobId, one.trigger, made, now.plus(BETWEEN_TRIES));
            }
            if (isNoted(made)) {
                return null;
            }
            if (now.isAfter(one.until)) {
                nextTry = now.plus(every);
                throw new FlinkClusterException("savepoint " + made + " of job " + name
                        + " was made, but cannot be seen from here: the next is made in " + every);
            }
            return one;
        }

        /** What is old, the oldest first. */
        List<RestorePoint> old(Set<String> inUse) {
            Set<String> kept = new HashSet<>(inUse);
            catalog.rewinds().stream()
                    .filter(rewind -> rewind.step() != Rewind.Step.GIVEN_UP)
                    .limit(1) // it may be gone on with, or undone
                    .flatMap(rewind -> Stream.of(Optional.of(rewind.point()), Optional.ofNullable(rewind.undo())))
                    .flatMap(Optional::stream)
                    .map(point -> SavedState.folderOf(point.path()))
                    .forEach(kept::add);
            catalog.restatements().stream()
                    .filter(restatement -> restatement.step() == Restatement.Step.RUNS)
                    .map(restatement ->
                            SavedState.folderOf(restatement.beginning().point().path()))
                    .forEach(kept::add);
            return settings.retention.toDelete(points.values(), kept, clock.instant());
        }

        void sweepScheduled(List<String> troubles) {
            List.copyOf(points.values()).stream()
                    .filter(point -> point.kind() == Kind.SCHEDULED)
                    .forEach(point -> attempt(() -> sweep(point, true), troubles));
        }

        private boolean isNoted(String path) {
            String folder = SavedState.folderOf(path);
            return points.values().stream()
                    .anyMatch(point -> SavedState.folderOf(point.path()).equals(folder));
        }

        private void tell(RestorePoint point, String what) {
            told.accept("job " + name + ": " + point.kind().text() + " of " + point.at() + what);
        }
    }
}
