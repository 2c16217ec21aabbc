package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restatement;
import io.millrace.pipelines.rewind.Restatement.Step;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.rewind.SideRun;
import io.millrace.pipelines.router.RestatedDeadLetters;
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
import java.util.stream.Stream;
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
    private final Rewinds rewinds;
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final Catalog catalog;
    private final SideRuns runs;

    RestateSteps(RestateOptions.Chosen chosen) {
        this.chosen = chosen;
        this.rewinds = chosen.rewinds();
        this.terminal = rewinds.terminal();
        this.cluster = rewinds.cluster();
        this.catalog = rewinds.catalog();
        this.runs = new SideRuns(rewinds, BEGINS_WITHIN);
    }

    /** Shows what {@link #run} would do, and gives the exit status. */
    int plan() {
        Rewind beginning = choose();
        Successor successor = rewinds.foreseen(beginning);
        RouterJob job = successor.job();
        check(job);
        rewinds.again(beginning, successor);
        TopicOffsets until = end(job).offsets();
        show(beginning.point());
        showRange(beginning.point().offsets(), until);
        job.routesWithResults()
                .forEach(route -> show(
                        "route",
                        route.name() + " to " + route.sink().name() + ", whose shadow ends in "
                                + SideJob.shadow(beginning.epoch())));
        show(
                "holds",
                longer(job.holds(), rewinds.holdsNow()) + " of event time, which must have passed behind the range");
        show("epoch", String.valueOf(beginning.epoch()));
        show("takes", rewinds.takes(beginning.point().offsets().upTo(until)));
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

    /**
     * Begins at the newest point at which the job held nothing that it still held at the newest one from before the range: so all that came of what is held there was written before the range. Where no
     * point is so old, at the newest: what came of events that were held there is then restated too, as far as it is still made.
     */
    private Rewind choose() {
        Rewind newest = beginning(points().findFirst()
                .orElseThrow(() -> new FlinkClusterException("job " + rewinds.jobName()
                        + " has no complete restore point from before " + chosen.from()
                        + ": rewind list shows those that there are")));
        RouterJob job = rewinds.foreseen(newest).job();
        Duration holds = longer(job.holds(), rewinds.holdsNow());
        if (holds.isZero()) {
            return newest;
        }
        Instant settled = newest.point().watermark();
        return points().filter(point -> settled != null
                        && point.furthest() != null
                        && !settledAt(point.furthest(), job, holds).isAfter(settled))
                .findFirst()
                .map(this::beginning)
                .orElseGet(() -> {
                    terminal.err()
                            .println(
                                    "no point is old enough: what joins and windows held at the newest one from before the range is restated too, but what is not made any more of that stays in the sinks");
                    return newest;
                });
    }

    private Stream<RestorePoint> points() {
        return catalog.before(chosen.from())
                .filter(point ->
                        point.isComplete() && !point.offsets().equals(TopicOffsets.NONE) && Catalog.isThere(point));
    }

    private Rewind beginning(RestorePoint point) {
        return rewinds.choose(point, chosen.from(), chosen.spec(), Reading.OFFSETS, chosen.beamOptions());
    }

    /**
     * Where the range ends.
     *
     * @param furthest how far event time had come there; null where that is not known
     */
    private record End(TopicOffsets offsets, @Nullable Instant furthest) {}

    private End end(RouterJob job) {
        return catalog.firstSince(chosen.to())
                .map(point -> new End(point.offsets(), point.furthest()))
                .orElseGet(() -> new End(Rewinds.ends(job), null));
    }

    private void check(RouterJob job) {
        Problems problems = new Problems();
        for (RouteSpec route : job.routesWithResults()) {
            String why = job.spec().readsViews(route)
                            || job.corrections(route, SideJob.shadow(0)).isEmpty()
                    ? job.whyNotRestated(route)
                    : route.keepsOrder() ? "" : "what its lookups in changelogs waited for is not known again";
            if (!why.isEmpty()) {
                problems.add(
                        "--spec",
                        "route " + route.name() + " to " + route.sink().name()
                                + " cannot be restated beside the job, since " + why
                                + ": rewind run --spec makes all of it again, up to now");
            }
        }
        job.topicReadTwice()
                .ifPresent(topic -> problems.add(
                        "--spec",
                        "two sources have topics of the name " + topic
                                + ", of which it is not known which was read how far"));
        if (!RestatedDeadLetters.canBeRead(job.spec())) {
            problems.add(
                    "--spec",
                    "deadLetters must go to files, s3 or kafka for a restatement, since what it gives up must be known, but went to "
                            + job.spec().deadLetters().name());
        }
        if (job.spec().ends()) {
            problems.add("--spec", "sources must not end, since only a job that goes on can be restated beside it");
        }
        problems.throwIfAny();
    }

    /** Makes the results again, or goes on with that, and gives the exit status. */
    int run() {
        catalog.rewinds().stream()
                .filter(rewind -> !rewind.isOver())
                .findFirst()
                .ifPresent(rewind -> {
                    throw new FlinkClusterException("the rewind of job " + rewinds.jobName() + " to " + rewind.to()
                            + " must be finished before anything is restated: rewind run with the same --to goes on");
                });
        Rewind beginning = choose();
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
        check(successor.job());
        rewinds.again(beginning, successor);
        makeShadows(successor.job());
        SideRuns.Prepared prepared = runs.prepare(beginning, successor, SideJob::restating);
        Restatement begun = (due.until().equals(TopicOffsets.NONE) ? endingWith(due, end(successor.job())) : due)
                .with(prepared.run());
        rewinds.restorable(beginning.point().jobId()).ifPresent(catalog::add);
        catalog.add(begun);
        try {
            runs.begin(prepared, "writes to " + SideJob.shadow(begun.epoch()));
        } catch (FlinkClusterException e) {
            catalog.add(endedFirst(begun).at(Step.GIVEN_UP));
            throw e;
        }
        return begun;
    }

    private static Restatement endingWith(Restatement due, End end) {
        return due.endingAt(end.offsets, end.furthest);
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
                Optional.of(rewinds.whoLeft(begun.beginning().point())),
                begun.from());
        Runnable checkRuns = () -> checkRuns(begun.run());
        ReadingOn.Read read = reading.await(begun.until(), checkRuns);
        Duration holds = longer(job.holds(), rewinds.holdsNow());
        Optional<Instant> furthest = Optional.ofNullable(begun.furthest()).or(read::furthest);
        @Nullable Instant settled = holds.isZero() || furthest.isEmpty() ? null : settledAt(furthest.get(), job, holds);
        if (settled != null) {
            read = reading.awaitEventTime(settled, checkRuns);
        }
        Restatement made = begun.made(read.offsets(), settled);
        catalog.add(made);
        runs.end(made.run());
        return tellThatItIsMade(made);
    }

    /** When event time is there, all that comes of events is written that have been read: none of them is later than the furthest watermark and what may be out of order. */
    private static Instant settledAt(Instant furthest, RouterJob job, Duration holds) {
        Duration outOfOrder = job.sources().stream()
                .map(source -> source.eventTimes().maxOutOfOrderness())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return furthest.plus(outOfOrder).plus(holds);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
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
