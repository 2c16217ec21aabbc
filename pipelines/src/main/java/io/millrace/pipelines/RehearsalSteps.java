package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Rehearsal;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RehearsedJob;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Lets a throw-away job begin with a restore point, sees that it completes a checkpoint, and ends it.
 *
 * <p>The rehearsal is in the job's catalog before anything is there of it: who finds it there, after a command that broke off, ends it.
 */
final class RehearsalSteps {
    private static final Duration SLOTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration CANCELLED_WITHIN = Duration.ofMinutes(2);
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final String NO_SLOTS = "Could not acquire the minimum required resources"; // as Flink says it
    private static final String STORAGE_OPTION = "--stateBackendStoragePath=";

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final Duration within;
    private final Clock clock;

    /**
     * Those of one job.
     *
     * @param within how long its tasks may take to begin with the state, and as long again for the first checkpoint
     */
    RehearsalSteps(Rewinds rewinds, Duration within, Clock clock) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.cluster = rewinds.cluster();
        this.catalog = rewinds.catalog();
        this.within = within;
        this.clock = clock;
    }

    /** Rehearses the newest complete point from before a moment, and gives the exit status. */
    int run(Instant before, Optional<RouterSpec> spec, List<String> beamOptions) {
        catalog.rehearsals().forEach(this::endThatWasLeft);
        boolean allComplete = true;
        for (Iterator<RestorePoint> points = catalog.before(before).iterator(); points.hasNext(); ) {
            RestorePoint point = points.next();
            List<String> damages = point.damagesNow();
            if (SavedState.exists(point.path()) && !damages.isEmpty()) {
                terminal.err().println("point " + point.path() + " is not complete: " + String.join(", ", damages));
                allComplete = false;
            } else if (SavedState.exists(point.path())) {
                boolean isProven = isProven(point, spec, beamOptions);
                if (isProven || !SavedState.isGone(point.path())) {
                    return isProven && allComplete ? Commands.DONE : Commands.FAILED;
                }
                terminal.err().println("its job has deleted it meanwhile: the next one is rehearsed");
            }
        }
        throw new FlinkClusterException("job " + rewinds.jobName()
                + " has no complete restore point to rehearse: rewind list shows those that there are");
    }

    private boolean isProven(RestorePoint point, Optional<RouterSpec> spec, List<String> beamOptions) {
        terminal.err()
                .println("rehearsing " + point.kind().text() + " " + point.id() + " of " + point.at() + ", "
                        + point.path());
        try {
            rehearse(rewinds.choose(point, point.at(), spec, Reading.OFFSETS, beamOptions));
        } catch (FlinkClusterException e) {
            terminal.err().println("point " + point.path() + " is not proven restorable: " + e.getMessage());
            Stream.of(e.getSuppressed()).forEach(left -> terminal.err().println(left.getMessage()));
            return false;
        }
        Instant now = clock.instant();
        catalog.addProof(point, now);
        terminal.out().println("point " + point.path() + " is proven restorable at " + now);
        return true;
    }

    private void rehearse(Rewind rewind) {
        Successor successor = rewinds.successor(rewind);
        rewinds.again(rewind, successor);
        Restorable before = rewinds.whoLeft(rewind.point());
        SavedState state = SavedState.at(rewind.point().path());
        RehearsedJob rehearsed = RehearsedJob.of(
                reading(successor.job().handingOver(JobOptions.handedOver(before.shown())), state, before),
                rewind.jobId());
        Set<String> leftOut = rehearsed.stepsLeftOut(JobOptions.steps(before.shown()));
        tellOf(leftOut, rehearsed);
        ClusterJobs jobs = rewinds.jobs(rewind);
        String jar = jobs.upload();
        Rehearsal rehearsal = new Rehearsal(
                rewind.jobId(), rehearsed.name(), state.indexFor(rewind.jobId()), checkpointFolders(rewind), false);
        try (Stage stage = new Stage(rehearsal)) {
            String index = state.withoutSteps(leftOut, rewind.jobId());
            int free = cluster.freeSlots();
            terminal.err().println("starting job " + rehearsed.name() + ", which writes nothing");
            jobs.rehearse(rehearsed, rewind.jobId(), index, jar);
            stage.awaitTasks(free);
            cluster.checkRestored(
                    rehearsal.jobId(), rehearsal.jobName(), rewind.point().path());
            terminal.err().println("waiting for its first checkpoint");
            stage.awaitCheckpoint();
        }
    }

    /** The job, going on where the state had come to: this process reads that, as no task of the rehearsal does. */
    private static RouterJob reading(RouterJob job, SavedState state, Restorable before) {
        if (job.sources().stream().allMatch(source -> source.kafka() == null)) {
            return job;
        }
        try {
            return job.goingOnAt(KafkaEvents.offsets(state.streams(before.stepsBesideSources())));
        } catch (IllegalArgumentException e) {
            throw new FlinkClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    private void tellOf(Set<String> leftOut, RehearsedJob rehearsed) {
        leftOut.stream()
                .filter(step -> !rehearsed.readsKafka(step))
                .forEach(step -> terminal.err().println("step " + step + " begins without its state in a rehearsal"));
    }

    private List<String> checkpointFolders(Rewind rewind) {
        Stream<String> own = Rewinds.startedWith(rewind).beamOptions().stream()
                .filter(option -> option.startsWith(STORAGE_OPTION))
                .map(option -> option.substring(STORAGE_OPTION.length()));
        return Stream.concat(cluster.checkpointFolder().stream(), own).toList();
    }

    /** The cluster may just be about to begin its job. */
    private void endThatWasLeft(Rehearsal rehearsal) {
        terminal.err().println("ending rehearsal " + rehearsal.jobName());
        catalog.add(rehearsal.over());
        for (long look = ARRIVES_WITHIN.dividedBy(BETWEEN_LOOKS);
                look > 0 && !cluster.knows(rehearsal.jobId());
                look--) {
            Waiting.pause(BETWEEN_LOOKS);
        }
        end(rehearsal);
    }

    private synchronized void end(Rehearsal rehearsal) {
        catalog.add(rehearsal.over());
        if (cluster.knows(rehearsal.jobId()) && !cluster.hasEnded(rehearsal.jobId())) {
            cluster.cancel(rehearsal.jobId(), rehearsal.jobName(), CANCELLED_WITHIN);
        }
        rehearsal.checkpoints().forEach(folder -> StateFolder.at(folder).deleteFolder(rehearsal.jobId()));
        SavedState.deleteIndex(rehearsal.index());
        catalog.remove(rehearsal);
    }

    /** A rehearsal from before anything is there of it until nothing is, also where the process is interrupted meanwhile. */
    private final class Stage implements AutoCloseable {
        private final Rehearsal rehearsal;
        private final Thread onInterrupt;
        private String getsSlots = "get slots";

        Stage(Rehearsal rehearsal) {
            this.rehearsal = rehearsal;
            this.onInterrupt = new Thread(() -> endThatWasLeft(rehearsal), "end-rehearsal");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            catalog.add(rehearsal);
        }

        void awaitTasks(int freeSlots) {
            String id = rehearsal.jobId();
            await(within, "begin with the state", () -> cluster.isBuilt(id));
            getsSlots = "get the " + cluster.slotsNeeded(id) + " slots that it needs, of which " + freeSlots
                    + " were free: add TaskManagers, or give a lower --parallelism with the other options of Beam's";
            await(slotsWithin(), getsSlots, () -> !cluster.awaitsSlots(id));
            await(within, "begin with the state", () -> cluster.runs(id));
        }

        private Duration slotsWithin() {
            return SLOTS_WITHIN.compareTo(within) < 0 ? SLOTS_WITHIN : within;
        }

        void awaitCheckpoint() {
            String id = rehearsal.jobId();
            await(within, "complete a checkpoint", () -> cluster.hasCheckpoint(id) || cluster.hasFinished(id));
        }

        private void await(Duration atMost, String step, BooleanSupplier isDone) {
            for (long look = atMost.dividedBy(BETWEEN_LOOKS); look >= 0; look--) {
                cluster.trouble(rehearsal.jobId()).ifPresent(why -> {
                    throw didNot((why.contains(NO_SLOTS) ? getsSlots : step) + ": " + why);
                });
                if (isDone.getAsBoolean()) {
                    return;
                }
                Waiting.pause(BETWEEN_LOOKS);
            }
            throw didNot("within " + atMost.toSeconds() + " s " + step);
        }

        private FlinkClusterException didNot(String step) {
            return new FlinkClusterException("job " + rehearsal.jobName() + " did not " + step);
        }

        @Override
        public void close() {
            end(rehearsal);
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException e) {
                return; // the process is ending, and so it ends the rehearsal too
            }
        }
    }
}
