package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.sink.Corrections;
import io.millrace.pipelines.Beginning.Reading;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restatement;
import io.millrace.pipelines.rewind.Restatement.Step;
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
        terminal.out()
                .println("from " + beginning.point().at() + ", "
                        + beginning.point().kind().text() + " "
                        + beginning.point().id() + " of job "
                        + beginning.point().jobId());
        terminal.out().println("  point    " + beginning.point().path());
        until.offsets()
                .forEach((topic, partitions) -> partitions.forEach((partition, end) -> terminal.out()
                        .println("  range    %s %d: %s to %d"
                                .formatted(
                                        topic,
                                        partition,
                                        beginning
                                                .point()
                                                .offsets()
                                                .of(topic, partition)
                                                .map(String::valueOf)
                                                .orElse("the beginning"),
                                        end))));
        job.routes()
                .forEach(route -> terminal.out()
                        .println("  route    %s to %s: %s"
                                .formatted(route.name(), route.sink().name(), SideJob.shadow(beginning.epoch()))));
        terminal.out().println("  holds    " + job.holds() + " of event time, which must have passed behind the range");
        terminal.out().println("  epoch    " + beginning.epoch());
        terminal.out()
                .println("  takes    "
                        + rewinds.takes(beginning.point().offsets().upTo(until)));
        return Commands.DONE;
    }

    /**
     * Begins at the newest point at which the job held nothing that it still held at the newest one from before the range: so all that came of what is held there was written before the range. Where no
     * point is so old, at the newest: what came of events that were held there is then restated too, as far as it is still made.
     */
    private Rewind choose() {
        Rewind newest = rewinds.choose(chosen.from(), chosen.spec(), Reading.OFFSETS, chosen.beamOptions());
        RouterJob job = rewinds.foreseen(newest).job();
        Instant settled = newest.point().watermark();
        if (job.holds().isZero() || settled == null) {
            return newest;
        }
        return catalog.before(chosen.from())
                .filter(point -> point.furthest() != null
                        && !settledAt(point.furthest(), job).isAfter(settled))
                .filter(point -> point.isComplete() && Catalog.isThere(point))
                .findFirst()
                .map(point ->
                        rewinds.choose(point, chosen.from(), chosen.spec(), Reading.OFFSETS, chosen.beamOptions()))
                .orElseGet(() -> {
                    terminal.err()
                            .println(
                                    "no point is so old that nothing was held there which still was at the newest one from before the range: of that, what is not made any more stays in the sinks");
                    return newest;
                });
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
        for (RouteSpec route : job.routes()) {
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
        if (last.isPresent() && last.get().isSame(due)) {
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

    private Restatement due(Rewind beginning) {
        SideRun none = new SideRun("", "", "", List.of(), false);
        return new Restatement(beginning, chosen.to(), TopicOffsets.NONE, null, TopicOffsets.NONE, none, Step.RUNS);
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
        prepareShadows(successor.job());
        SideRuns.Prepared prepared = runs.prepare(beginning, successor, SideJob::restating);
        Restatement begun = (due.until().equals(TopicOffsets.NONE) ? endingAt(end(successor.job()), due) : due)
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

    private static Restatement endingAt(End end, Restatement due) {
        return new Restatement(
                due.beginning(), due.to(), end.offsets, end.furthest, due.reached(), due.run(), due.step());
    }

    private void prepareShadows(RouterJob job) {
        try {
            for (RouteSpec route : job.routes()) {
                Optional<Corrections> corrections =
                        job.corrections(route, SideJob.shadow(job.run().epoch()));
                if (corrections.isPresent()) {
                    corrections.get().prepare();
                }
            }
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
        Optional<Instant> furthest = Optional.ofNullable(begun.furthest()).or(read::furthest);
        if (!job.holds().isZero() && furthest.isPresent()) {
            read = reading.awaitEventTime(settledAt(furthest.get(), job), checkRuns);
        }
        Restatement made = begun.made(read.offsets());
        catalog.add(made);
        runs.end(made.run());
        return tellThatItIsMade(made);
    }

    /** When event time is there, all that comes of events is written that have been read: none of them is later than the furthest watermark and what may be out of order. */
    private static Instant settledAt(Instant furthest, RouterJob job) {
        Duration outOfOrder = job.sources().stream()
                .map(source -> source.eventTimes().maxOutOfOrderness())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return furthest.plus(outOfOrder).plus(job.holds());
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
