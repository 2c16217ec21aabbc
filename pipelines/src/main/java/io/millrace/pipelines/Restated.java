package io.millrace.pipelines;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.rewind.Restatement;
import io.millrace.pipelines.rewind.Restatement.Step;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RestatedDeadLetters;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.SideJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.transforms.event.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The last restatement of a job, once it is made: what it differs in from what the job has written, and how that comes into the sinks. */
final class Restated {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final Catalog catalog;

    Restated(Rewinds rewinds) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.catalog = rewinds.catalog();
    }

    /** Shows what differs, with so many samples of each kind, and gives the exit status. */
    int diff(int samples, Optional<Path> json) {
        Restatement last = last();
        whyNotPublished(last).ifPresent(why -> terminal.err().println("this is shown, but not published: " + why));
        Map<String, Differences> found = forEachRoute(last, samples, Corrections::find);
        found.forEach(this::show);
        json.ifPresent(file -> summary(last, found).write(file));
        return Commands.DONE;
    }

    /** Puts what differs into the sinks, and gives the exit status. */
    int publish() {
        Restatement last = last();
        whyNotPublished(last).ifPresent(why -> {
            throw new FlinkClusterException(why);
        });
        Map<String, Differences> found = forEachRoute(last, 0, Corrections::publish);
        catalog.add(last.at(Step.PUBLISHED));
        found.forEach((route, differences) -> terminal.out().println("published " + line(route, differences)));
        terminal.out().println("epoch " + last.epoch());
        return Commands.DONE;
    }

    private Optional<String> whyNotPublished(Restatement restatement) {
        return rewinds.wasRewoundSince(restatement.epoch())
                ? Optional.of(
                        "job " + rewinds.jobName()
                                + " was rewound since, and has made its results again: restate run restates what is still wrong")
                : Optional.empty();
    }

    private Restatement last() {
        Restatement last = catalog.restatements().stream()
                .findFirst()
                .orElseThrow(() -> new FlinkClusterException(
                        "nothing of job " + rewinds.jobName() + " is restated: restate run does that"));
        if (!last.isMade()) {
            throw new FlinkClusterException("the last restatement of job " + rewinds.jobName() + ", from "
                    + last.beginning().to() + " to " + last.to()
                    + ", is not made: restate run with the same options goes on");
        }
        return last;
    }

    /** What is done with a route's corrections. */
    private interface Action {
        void take(Corrections corrections, ReadAgain restated, Differences found) throws IOException;
    }

    private Map<String, Differences> forEachRoute(Restatement restatement, int samples, Action action) {
        Successor successor = rewinds.foreseen(restatement.beginning());
        RouterJob job = successor.job();
        awaitTheJobToHaveReadAsFar(restatement, job);
        HandedOver handedOver = JobOptions.handedOver(successor.shown());
        Map<String, String> topics = job.streams();
        Map<String, Set<Origin>> givenUp = givenUp(restatement, job);
        Map<String, Differences> found = new LinkedHashMap<>();
        for (RouteSpec route : job.routesWithResults()) {
            Corrections corrections = job.corrections(route, SideJob.shadow(restatement.epoch()))
                    .orElseThrow(() -> new FlinkClusterException("route " + route.name() + " cannot be compared"));
            Differences differences = new Differences(samples);
            terminal.err().println("comparing route " + route.name());
            try {
                action.take(
                        corrections,
                        new ReadAgain(
                                topics,
                                restatement.from(),
                                restatement.until(),
                                handedOver.of(route.name()),
                                givenUp.getOrDefault(route.name(), Set.of())),
                        differences);
            } catch (IOException e) {
                throw new FlinkClusterException(
                        "route " + route.name() + ": " + e.getMessage() + "; the same command does it again", e);
            }
            found.put(route.name(), differences);
        }
        return found;
    }

    private Map<String, Set<Origin>> givenUp(Restatement restatement, RouterJob job) {
        try {
            job.reachFileSystems();
            Map<String, Set<Origin>> givenUp = RestatedDeadLetters.of(job.spec(), SideJob.shadow(restatement.epoch()));
            givenUp.forEach((route, events) -> terminal.out()
                    .println(
                            "route %s: %,d events were given up when they were restated, and what had come of them stays; dead letters are in %s"
                                    .formatted(
                                            route,
                                            events.size(),
                                            job.spec().deadLetters().name() + " at what ends in "
                                                    + SideJob.shadow(restatement.epoch()))));
            return givenUp;
        } catch (IOException e) {
            throw new FlinkClusterException("what was given up must be known, but: " + e.getMessage(), e);
        }
    }

    /** What it has still to write would be taken for what it does not make, or would come behind its correction. */
    private void awaitTheJobToHaveReadAsFar(Restatement restatement, RouterJob job) {
        Optional<String> running = rewinds.history().running();
        if (running.isPresent()) {
            String id = running.get();
            ReadingOn reading =
                    new ReadingOn(rewinds, job, id, rewinds.history().restorable(id), TopicOffsets.NONE);
            reading.await(restatement.reached(), () -> checkRuns(id));
            if (restatement.settled() != null) {
                reading.awaitEventTime(restatement.settled(), () -> checkRuns(id));
            }
        } else if (catalog.newestOffsets()
                .filter(read -> read.upTo(restatement.reached()) == 0)
                .isEmpty()) {
            throw new FlinkClusterException(
                    "job " + rewinds.jobName()
                            + " does not run, and has not read as far as the restatement: router --restore=latest begins it again");
        }
    }

    private void checkRuns(String id) {
        if (!rewinds.history().runs(id)) {
            throw new FlinkClusterException("job " + rewinds.jobName() + " does not run as " + id
                    + " any more; the same command does it again");
        }
    }

    private void show(String route, Differences found) {
        terminal.out().println(line(route, found));
        for (Kind kind : Kind.values()) {
            found.samples(kind).forEach(sample -> terminal.out().println("  %-8s %s".formatted(kind.text(), sample)));
        }
    }

    private static String line(String route, Differences found) {
        return "route %s: %,d added, %,d changed, %,d removed, %,d kept"
                .formatted(
                        route,
                        found.count(Kind.ADDED),
                        found.count(Kind.CHANGED),
                        found.count(Kind.REMOVED),
                        found.count(Kind.KEPT));
    }

    /** As JSON: {@code {"job": …, "epoch": …, "routes": {"<route>": {"added": …, …, "samples": {"added": […], …}}}}}. */
    private Summary summary(Restatement restatement, Map<String, Differences> found) {
        ObjectNode root = JSON.createObjectNode().put("job", rewinds.jobName()).put("epoch", restatement.epoch());
        ObjectNode routes = root.putObject("routes");
        found.forEach((route, differences) -> {
            ObjectNode json = routes.putObject(route);
            ObjectNode samples = JSON.createObjectNode();
            for (Kind kind : Kind.values()) {
                json.put(kind.text(), differences.count(kind));
                differences.samples(kind).forEach(samples.withArray(kind.text())::add);
            }
            json.set("samples", samples);
        });
        return new Summary(root);
    }
}
