package io.millrace.pipelines;

import io.millrace.io.kafka.KafkaEvents;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.SideRun;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import io.millrace.runnerprofiles.StateFolder;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Begins and ends jobs beside that of a pipeline, with restore points of it. Whoever does that notes in the job's catalog what {@link #prepare} gives before {@link #begin}, and forgets it after {@link #end}.
 */
final class SideRuns {
    private static final Duration SLOTS_WITHIN = Duration.ofMinutes(2);
    private static final Duration CANCELLED_WITHIN = Duration.ofMinutes(2);
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final String NO_SLOTS = "Could not acquire the minimum required resources"; // as Flink says it
    private static final String STORAGE_OPTION = "--stateBackendStoragePath=";

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Duration within;

    /**
     * Those of one job.
     *
     * @param within how long the tasks of one may take to begin with the state, and as long again for the first checkpoint
     */
    SideRuns(Rewinds rewinds, Duration within) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.cluster = rewinds.cluster();
        this.within = within;
    }

    /**
     * A job of which nothing is there yet.
     *
     * @param rewind with what it begins
     * @param leftOut the steps whose state has no place in it
     * @param jar the id of the jar on the cluster
     */
    record Prepared(Rewind rewind, SideJob job, SavedState state, Set<String> leftOut, String jar, SideRun run) {}

    /** Checks whether a job can begin beside that of the pipeline, and makes all ready for it. */
    Prepared prepare(Rewind rewind, Successor successor, Function<RouterJob, SideJob> aside) {
        Restorable before = rewinds.history().whoLeft(rewind.point());
        SavedState state = SavedState.at(rewind.point().path());
        SideJob job =
                aside.apply(reading(successor.job().handingOver(JobOptions.handedOver(before.shown())), state, before));
        Set<String> leftOut = job.stepsLeftOut(JobOptions.steps(before.shown()));
        leftOut.stream()
                .filter(step -> !job.readsKafka(step))
                .forEach(step -> terminal.err().println("step " + step + " begins without its state beside the job"));
        String jar = rewinds.jobs(rewind).upload();
        SideRun run = new SideRun(
                rewind.jobId(), job.name(), state.indexFor(rewind.jobId()), checkpointFolders(rewind), false);
        return new Prepared(rewind, job, state, leftOut, jar, run);
    }

    /** The job, going on where the state had come to: this process reads that, as no task of the job does. */
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

    private List<String> checkpointFolders(Rewind rewind) {
        Stream<String> own = Rewinds.startedWith(rewind).beamOptions().stream()
                .filter(option -> option.startsWith(STORAGE_OPTION))
                .map(option -> option.substring(STORAGE_OPTION.length()));
        return Stream.concat(cluster.checkpointFolder().stream(), own).toList();
    }

    /** Begins it, and waits until all its tasks have begun with the state. */
    void begin(Prepared prepared, String whichDoes) {
        SideRun run = prepared.run;
        String index = prepared.state.withoutSteps(prepared.leftOut, run.jobId());
        int free = cluster.freeSlots();
        terminal.err().println("starting job " + run.jobName() + ", which " + whichDoes);
        rewinds.jobs(prepared.rewind).beginBeside(prepared.job, run.jobId(), index, prepared.jar);
        awaitTasks(run, free);
        cluster.checkRestored(
                run.jobId(), run.jobName(), prepared.rewind.point().path());
    }

    private void awaitTasks(SideRun run, int freeSlots) {
        String id = run.jobId();
        String begins = "begin with the state";
        await(run, within, begins, begins, () -> cluster.isBuilt(id));
        String getsSlots = "get the " + cluster.slotsNeeded(id) + " slots that it needs, of which " + freeSlots
                + " were free: add TaskManagers, or give a lower --parallelism with the other options of Beam's";
        Duration slotsWithin = SLOTS_WITHIN.compareTo(within) < 0 ? SLOTS_WITHIN : within;
        await(run, slotsWithin, getsSlots, getsSlots, () -> !cluster.awaitsSlots(id));
        await(run, within, begins, getsSlots, () -> cluster.runs(id));
    }

    /** Waits until it has completed a checkpoint. */
    void awaitCheckpoint(SideRun run) {
        terminal.err().println("waiting for its first checkpoint");
        String id = run.jobId();
        String step = "complete a checkpoint";
        await(run, within, step, step, () -> cluster.hasCheckpoint(id) || cluster.hasFinished(id));
    }

    private void await(SideRun run, Duration atMost, String step, String withoutSlots, BooleanSupplier isDone) {
        for (long look = atMost.dividedBy(BETWEEN_LOOKS); look >= 0; look--) {
            checkHasNoTrouble(run, step, withoutSlots);
            if (isDone.getAsBoolean()) {
                return;
            }
            Waiting.pause(BETWEEN_LOOKS);
        }
        throw didNot(run, "within " + atMost.toSeconds() + " s " + step);
    }

    private void checkHasNoTrouble(SideRun run, String step, String withoutSlots) {
        cluster.trouble(run.jobId()).ifPresent(why -> {
            throw didNot(run, (why.contains(NO_SLOTS) ? withoutSlots : step) + ": " + why);
        });
    }

    private static FlinkClusterException didNot(SideRun run, String step) {
        return new FlinkClusterException("job " + run.jobName() + " did not " + step);
    }

    /** Waits for a job that the cluster may just be about to begin, for one that ends it. */
    void awaitArrival(SideRun run) {
        for (long look = ARRIVES_WITHIN.dividedBy(BETWEEN_LOOKS); look > 0 && !cluster.knows(run.jobId()); look--) {
            Waiting.pause(BETWEEN_LOOKS);
        }
    }

    /** Ends it, and removes what it has left on the cluster. */
    void end(SideRun run) {
        if (cluster.knows(run.jobId()) && !cluster.hasEnded(run.jobId())) {
            cluster.cancel(run.jobId(), run.jobName(), CANCELLED_WITHIN);
        }
        run.checkpoints().forEach(folder -> StateFolder.at(folder).deleteFolder(run.jobId()));
        SavedState.deleteIndex(run.index());
    }
}
