package io.millrace.pipelines;

import io.millrace.devinterface.spec.ParkingSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.sink.Leftovers;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The end of a rewind: waits until its job has read again all that came since the point, and makes stores of views what the views have, and removes from other sinks what it has not made again. */
final class Settlement {
    private final Rewinds rewinds;
    private final Terminal terminal;
    private final Rewind rewind;
    private final RouterJob job;
    private final HandedOver handedOver;
    private final ReadingOn reading;

    Settlement(Rewinds rewinds, Rewind rewind, Successor successor) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.rewind = rewind;
        this.job = successor.job();
        this.reading = new ReadingOn(
                rewinds,
                job,
                rewind.jobId(),
                rewinds.history().restorable(rewind.jobId()),
                rewind.point().offsets());
        this.handedOver = JobOptions.handedOver(successor.shown());
    }

    /** Does both; again, if it broke off. */
    void settle() {
        awaitReplay();
        awaitWindowsClosedByTheClock();
        if (job.topicReadTwice().isPresent()) {
            terminal.out()
                    .println("what was not made again stays in the sinks, since two sources have topics of one name");
            return;
        }
        ParkingSpec parking = job.spec().parking();
        if (parking != null) {
            ParkedEvents.checkNone(
                    parking.kafka(),
                    job.spec().routeNames(),
                    "what was not made again is removed when they are delivered, by the same command");
        }
        settle(this::removeLeftovers);
        settle(this::settleViews);
    }

    private void settleViews() throws IOException {
        if (ViewSettlement.areIn(job)) {
            new ViewSettlement(job, rewinds.writersSince(rewind), rewind.point().offsets(), rewind.reached(), terminal)
                    .settle();
        }
    }

    /** What settles sinks. */
    private interface Settling {
        void run() throws IOException;
    }

    private void settle(Settling settling) {
        try {
            settling.run();
        } catch (IOException | RuntimeException e) {
            throw new FlinkClusterException(
                    "job " + rewinds.jobName() + " runs, but its sinks are not settled yet: " + e.getMessage()
                            + "; the same command goes on",
                    e);
        }
    }

    private void removeLeftovers() throws IOException {
        Map<String, String> topics = job.streams();
        for (RouteSpec route : job.routes()) {
            Optional<Leftovers> leftovers = job.leftovers(route);
            if (leftovers.isPresent()) {
                remove(leftovers.get(), route, topics);
            }
        }
    }

    /** Windows behind which nothing came were closed by the clock, and are again. */
    private void awaitWindowsClosedByTheClock() {
        Optional<Duration> idle = job.routes().stream()
                        .anyMatch(route -> route.sink().needsEventTimes())
                ? job.sources().stream()
                        .flatMap(source -> Stream.ofNullable(source.idleAfter().duration()))
                        .max(Comparator.naturalOrder())
                : Optional.empty();
        if (idle.isPresent()) {
            terminal.err().println("waiting for windows that are closed after " + idle.get() + " without an event");
            Waiting.pause(idle.get());
            awaitReplay();
        }
    }

    private void awaitReplay() {
        reading.await(rewind.reached(), this::checkRuns);
    }

    private void checkRuns() {
        String id = rewind.jobId();
        if (!rewinds.runs(rewind)) {
            throw new FlinkClusterException(
                    "job " + rewinds.jobName() + " was taken back as " + id + ", but does not run"
                            + " as that any more, so it is not known whether it has read all of it again: what it has not made again stays in the"
                            + " sinks. rewind run with another --to, such as a millisecond later, begins anew");
        }
    }

    private void remove(Leftovers leftovers, RouteSpec route, Map<String, String> topics) throws IOException {
        Leftovers.Removed removed = leftovers.remove(new ReadAgain(
                topics, rewind.point().offsets(), rewind.reached(), handedOver.of(route.name()), Set.of()));
        String kept =
                removed.kept() == 0 ? "" : ", %,d stay that may have such lines among others".formatted(removed.kept());
        terminal.out()
                .println(
                        "route %s: %,d were removed that were not made again".formatted(route.name(), removed.removed())
                                + kept);
    }
}
