package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.SideRun;
import io.millrace.pipelines.router.SideJob;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets a throw-away job begin with a restore point, sees that it completes a checkpoint, and ends it.
 *
 * <p>The rehearsal is in the job's catalog before anything is there of it: who finds it there, after a command that broke off, ends it.
 */
final class RehearsalSteps {
    private final Rewinds rewinds;
    private final Terminal terminal;
    private final Catalog catalog;
    private final SideRuns runs;
    private final Clock clock;

    /**
     * Those of one job.
     *
     * @param within how long its tasks may take to begin with the state, and as long again for the first checkpoint
     */
    RehearsalSteps(Rewinds rewinds, Duration within, Clock clock) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.catalog = rewinds.catalog();
        this.runs = new SideRuns(rewinds, within);
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
        throw rewinds.noPoint(before.equals(Instant.MAX) ? "to rehearse" : "from before " + before + " to rehearse");
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
        if (point.kind() == Kind.CHECKPOINT) {
            terminal.err()
                    .println(
                            "it is a checkpoint, which is there for as long as Flink keeps it: --to with a time just after a savepoint"
                                    + " rehearses that");
        }
        return true;
    }

    private void rehearse(Rewind rewind) {
        Successor successor = rewinds.successor(rewind);
        rewinds.again(rewind, successor);
        SideRuns.Prepared prepared = runs.prepare(rewind, successor, job -> SideJob.rehearsing(job, rewind.jobId()));
        try (Stage stage = new Stage(prepared.run())) {
            runs.begin(prepared, "writes nothing");
            stage.awaitCheckpoint();
        }
    }

    /** The cluster may just be about to begin its job. */
    private void endThatWasLeft(SideRun rehearsal) {
        terminal.err().println("ending rehearsal " + rehearsal.jobName());
        catalog.add(rehearsal.over());
        runs.awaitArrival(rehearsal);
        end(rehearsal);
    }

    private synchronized void end(SideRun rehearsal) {
        catalog.add(rehearsal.over());
        runs.end(rehearsal);
        catalog.remove(rehearsal);
    }

    /** A rehearsal from before anything is there of it until nothing is, also where the process is interrupted meanwhile. */
    private final class Stage implements AutoCloseable {
        private final SideRun rehearsal;
        private final Thread onInterrupt;

        Stage(SideRun rehearsal) {
            this.rehearsal = rehearsal;
            this.onInterrupt = new Thread(() -> endThatWasLeft(rehearsal), "end-rehearsal");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            catalog.add(rehearsal);
        }

        void awaitCheckpoint() {
            runs.awaitCheckpoint(rehearsal);
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
