package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restatement;
import io.millrace.pipelines.rewind.Restatement.Step;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.SideRun;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the results of a range again, by a job beside that of the pipeline.
 *
 * <p>The range is from where the job had read to at one moment to where it had at another. Its results are those of events in it, and some of them are only final when event time has come so far that
 * no window and no join holds any of these events. The restatement's job reads on until then: so what it has not made, nobody makes who has its spec.
 */
final class RestateSteps {
    private static final Duration BEGINS_WITHIN = Duration.ofMinutes(10);

    private final RestateOptions.Chosen chosen;
    private final RestateRange range;
    private final Rewinds rewinds;
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final SideRuns runs;

    RestateSteps(RestateOptions.Chosen chosen) {
        this.chosen = chosen;
        this.range = new RestateRange(chosen);
        this.rewinds = chosen.rewinds();
        this.terminal = rewinds.terminal();
        this.cluster = rewinds.cluster();
        this.catalog = rewinds.catalog();
        this.runs = new SideRuns(rewinds, BEGINS_WITHIN);
    }

    /** Shows what {@link #run} would do, and gives the exit status. */
    int plan() {
        Rewind beginning = range.beginning();
        Successor successor = rewinds.foreseen(beginning);
        RouterJob job = successor.job();
        RestateRules.check(job);
        rewinds.again(beginning, successor);
        TopicOffsets until = range.end(job).offsets();
        show(beginning.point());
        showRange(beginning.point().offsets(), until);
        job.routesWithResults()
                .forEach(route -> show(
                        "route",
                        route.name() + " to " + route.sink().name() + ", whose shadow ends in "
                                + SideJob.shadow(beginning.epoch())));
        job.routes().stream()
                .filter(RouteSpec::isArchive)
                .forEach(route -> show(
                        "route",
                        route.name() + " to " + route.sink().name()
                                + " is an archive, which has what was read and stays as it is"));
        show("holds", range.holds(job) + " of event time, which must have passed behind the range");
        show("epoch", String.valueOf(beginning.epoch()));
        show("takes", rewinds.pace().takes(beginning.point().offsets().upTo(until)));
        return Commands.DONE;
    }

    private void show(RestorePoint point) {
        terminal.out()
                .println("from " + point.at() + ", " + point.kind().text() + " " + point.id() + " of job "
                        + point.jobId());
        show("point", point.path());
    }

    private void showRange(TopicOffsets from, TopicOffsets until) {
        until.offsets()
                .forEach((topic, partitions) -> partitions.forEach((partition, end) -> show(
                        "range",
                        "%s %d: %d to %d"
                                .formatted(
                                        topic,
                                        partition,
                                        from.of(topic, partition).orElse(0L),
                                        end))));
    }

    private void show(String what, String text) {
        terminal.out().println("  %-8s %s".formatted(what, text));
    }

    /** Makes the results again, or goes on with that, and gives the exit status. */
    int run() {
        rewinds.history().unfinished().findFirst().ifPresent(rewind -> {
            throw new FlinkClusterException("the rewind of job " + rewinds.jobName() + " to " + rewind.to()
                    + " must be finished before anything is restated: rewind run with the same --to goes on");
        });
        Rewind beginning = range.beginning();
        Optional<Restatement> last = catalog.restatements().stream().findFirst();
        Restatement due = due(beginning);
        if (last.isPresent() && last.get().isSame(due) && canGoOn(last.get())) {
            Restatement same = last.get();
            if (same.isMade()) {
                return tellThatItIsMade(same);
            }
            if (same.step() == Step.RUNS) {
                terminal.err().println("going on with what was begun");
                return make(isAlive(same.run()) ? same : begin(endedFirst(same)));
            }
        }
        last.filter(one -> one.step() == Step.RUNS)
                .ifPresent(one -> catalog.add(endedFirst(one).at(Step.GIVEN_UP)));
        return make(begin(due));
    }

    /** Not where the job was rewound since, or the point is gone that its own job has still to begin with. */
    private boolean canGoOn(Restatement same) {
        boolean needsPoint = same.step() == Step.RUNS && !isAlive(same.run());
        return !rewinds.wasRewoundSince(same.epoch())
                && (!needsPoint || Catalog.isThere(same.beginning().point()));
    }

    private Restatement due(Rewind beginning) {
        SideRun none = new SideRun("", "", "", List.of(), false);
        return new Restatement(
                beginning, chosen.to(), TopicOffsets.NONE, null, null, TopicOffsets.NONE, none, Step.RUNS);
    }

    /** The same, whose job is no more. */
    private Restatement endedFirst(Restatement restatement) {
        SideRun run = restatement.run();
        terminal.err().println("ending job " + run.jobName());
        catalog.add(restatement.with(run.over()));
        runs.awaitArrival(run);
        runs.end(run);
        return restatement.with(run.as(FlinkCluster.newId()));
    }

    private Restatement begin(Restatement due) {
        Rewind beginning = due.beginning();
        Successor successor = rewinds.successor(beginning);
        RestateRules.check(successor.job());
        rewinds.again(beginning, successor);
        makeShadows(successor.job());
        SideRuns.Prepared prepared = runs.prepare(beginning, successor, SideJob::restating);
        Restatement begun =
                (due.until().equals(TopicOffsets.NONE) ? ending(due, successor.job()) : due).with(prepared.run());
        rewinds.history().restorable(beginning.point().jobId()).ifPresent(catalog::add);
        catalog.add(begun);
        try {
            runs.begin(prepared, "writes to " + SideJob.shadow(begun.epoch()));
        } catch (FlinkClusterException e) {
            catalog.add(endedFirst(begun).at(Step.GIVEN_UP));
            throw e;
        }
        return begun;
    }

    private Restatement ending(Restatement due, RouterJob job) {
        RestateRange.End end = range.end(job);
        return due.endingAt(end.offsets(), end.furthest());
    }

    private void makeShadows(RouterJob job) {
        String shadow = SideJob.shadow(job.run().epoch());
        try {
            job.reachFileSystems();
            for (RouteSpec route : job.routesWithResults()) {
                route.sink().makeShadow(shadow);
            }
            job.spec().deadLetters().makeShadow(shadow);
        } catch (IOException e) {
            throw new FlinkClusterException("the shadows of the sinks must be there, but: " + e.getMessage(), e);
        }
    }

    private int make(Restatement begun) {
        RouterJob job = rewinds.successor(begun.beginning()).job();
        ReadingOn reading = new ReadingOn(
                rewinds,
                job,
                begun.run().jobId(),
                Optional.of(rewinds.history().whoLeft(begun.beginning().point())),
                begun.from());
        Runnable checkRuns = () -> checkRuns(begun.run());
        ReadingOn.Read read = reading.await(begun.until(), checkRuns);
        Duration holds = range.holds(job);
        Optional<Instant> furthest = Optional.ofNullable(begun.furthest()).or(read::furthest);
        @Nullable Instant settled =
                holds.isZero() || furthest.isEmpty() ? null : RestateRange.settledAt(furthest.get(), job, holds);
        if (settled != null) {
            read = reading.awaitEventTime(settled, checkRuns);
        }
        Restatement made = begun.made(read.offsets(), settled);
        catalog.add(made);
        runs.end(made.run());
        return tellThatItIsMade(made);
    }

    private void checkRuns(SideRun run) {
        if (!isAlive(run)) {
            throw new FlinkClusterException("job " + run.jobName() + " does not run any more as " + run.jobId()
                    + cluster.trouble(run.jobId()).map(why -> ": " + why).orElse("")
                    + "; the same command begins it again");
        }
    }

    private boolean isAlive(SideRun run) {
        return cluster.knows(run.jobId()) && !cluster.hasEnded(run.jobId());
    }

    private int tellThatItIsMade(Restatement made) {
        runs.end(made.run()); // it may have broken off before that
        terminal.out()
                .println("restated in epoch " + made.epoch() + ", to what ends in " + SideJob.shadow(made.epoch())
                        + "; restate diff shows what differs, and restate publish puts that into the sinks");
        return Commands.DONE;
    }
}
