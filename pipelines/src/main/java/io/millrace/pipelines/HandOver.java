package io.millrace.pipelines;

import static java.util.stream.Collectors.joining;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.kafka.KafkaParking;
import io.millrace.pipelines.rewind.Catalog;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.FlinkCluster;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.JobState;
import io.millrace.runnerprofiles.SavedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Ends the jobs of a pipeline that are of the other kind, isolated or shared, and starts those of its spec where they had come to.
 *
 * <p>All that could forbid it is looked at before anything is stopped. All are stopped before anything is started. What was stopped by a
 * hand-over that broke off is known by its job having ended after the last one of the other kind began that has come to a checkpoint.
 */
final class HandOver {
    private final Terminal terminal;
    private final FlinkCluster cluster;
    private final ClusterJobs jobs;

    HandOver(Terminal terminal, FlinkCluster cluster, ClusterJobs jobs) {
        this.terminal = terminal;
        this.cluster = cluster;
        this.jobs = jobs;
    }

    /** Hands over to a spec, and gives the exit status. */
    int of(RouterSpec spec) {
        Map<String, String> ours = jobs.of(spec.name(), cluster.runningJobs());
        List<RouterJob> due = due(spec, ours);
        List<Giver> givers = givers(spec, due, ours);
        if (due.isEmpty() || givers.isEmpty()) {
            throw new FlinkClusterException("there is nothing to hand over: "
                    + (due.isEmpty()
                            ? "the jobs of the spec run already"
                            : "no job of pipeline " + spec.name()
                                    + " runs that is of the other kind, and none has been stopped"
                                    + " since the spec's last ran; router starts the spec's"));
        }
        givers.forEach(this::check);
        String jar = jobs.upload();
        List<Stopped> stopped = stop(givers);
        try {
            start(spec, due, stopped, jar);
        } catch (FlinkClusterException e) {
            throw new FlinkClusterException(e.getMessage() + "; " + howToGoOn(stopped), e);
        }
        terminal.out().println("web pages: " + cluster.webAddress());
        return Commands.DONE;
    }

    /** The spec's jobs that do not run. */
    private static List<RouterJob> due(RouterSpec spec, Map<String, String> ours) {
        String lineage = Lineages.anew();
        List<RouterJob> all = spec.isShared()
                ? List.of(RouterJob.anew(spec, spec.routes(), lineage))
                : spec.routes().stream()
                        .map(route -> RouterJob.anew(spec, List.of(route), lineage))
                        .toList();
        return all.stream().filter(job -> !ours.containsKey(job.name())).toList();
    }

    /** Jobs of the other kind: those that run, and those that ended since one of the spec's kind began and came to a checkpoint. */
    private List<Giver> givers(RouterSpec spec, List<RouterJob> due, Map<String, String> ours) {
        List<Giver> givers = new ArrayList<>();
        ours.forEach((name, id) -> {
            if (name.equals(spec.name()) != spec.isShared()) {
                givers.add(new Giver(name, id, Optional.empty(), cluster.options(id)));
            }
        });
        Collection<String> others = spec.isShared()
                ? spec.routes().stream()
                        .map(route -> spec.name() + "--" + route.name())
                        .toList()
                : List.of(spec.name());
        long since = due.stream()
                .flatMap(job -> cluster.latestState(job.name()).stream())
                .mapToLong(JobState::startMillis)
                .max()
                .orElse(0);
        for (String name : others) {
            if (!ours.containsKey(name)) {
                cluster.latestState(name)
                        .filter(state -> state.endMillis() > since)
                        .ifPresent(state -> givers.add(new Giver(
                                name, state.jobId(), Optional.of(state.path()), cluster.options(state.jobId()))));
            }
        }
        return givers;
    }

    private void check(Giver giver) {
        if (JobOptions.routes(giver.shown).isEmpty()) {
            throw new FlinkClusterException("job " + giver.name
                    + " does not say what it has, since it was started by another version: router --upgrade it first");
        }
        List<String> kept = JobOptions.steps(giver.shown).stateful().stream()
                .filter(step -> !isRead(step, giver.pipeline()))
                .sorted()
                .toList();
        if (!kept.isEmpty()) {
            throw new FlinkClusterException("job " + giver.name
                    + " must keep nothing in state, since that cannot be handed over, but keeps lines that wait for their file, values of a"
                    + " changelog, events that wait to be joined, or what a view knows, in "
                    + String.join(", ", kept)
                    + ": move such a route into a spec of its own, and dead letters to a sink such as kafka; nothing was"
                    + " stopped");
        }
        giver.path.or(() -> cluster.newestState(giver.id)).map(SavedState::at).ifPresent(HandOver::offsets);
        giver.parking()
                .filter(parking -> giver.path.isEmpty())
                .ifPresent(parking -> ParkedEvents.checkNone(
                        parking, giver.routes(), "hand over when they are delivered; nothing was stopped"));
    }

    private static FlinkClusterException unreadable(IOException e) {
        return new FlinkClusterException("it cannot be read which events are parked: " + e.getMessage(), e);
    }

    private static FlinkClusterException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new FlinkClusterException("interrupted while looking for parked events", e);
    }

    private static boolean isRead(String step, String pipeline) {
        return step.startsWith(pipeline + "/source/")
                || step.startsWith(pipeline + "/source-")
                || step.startsWith(pipeline + "/write/");
    }

    /** No changelog is among the streams: a job with one keeps state, and hands nothing over. */
    private static TopicOffsets offsets(SavedState state) {
        try {
            return TopicOffsets.parse(KafkaEvents.offsets(state.streams(List.of())));
        } catch (IllegalArgumentException e) {
            throw new FlinkClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Where to read again what waits of each route. */
    private static Map<String, TopicOffsets> parked(Giver giver) {
        Map<String, TopicOffsets> parked = new TreeMap<>();
        if (giver.parking().isPresent()) {
            try {
                KafkaEvents.parkedFrom(giver.parking().get(), giver.routes())
                        .forEach((route, from) -> parked.put(route, TopicOffsets.parse(from)));
            } catch (IOException e) {
                throw unreadable(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return parked;
    }

    private List<Stopped> stop(List<Giver> givers) {
        List<Stopped> stopped = new ArrayList<>();
        for (Giver giver : givers) {
            try {
                stopped.add(new Stopped(giver, giver.path.orElseGet(() -> jobs.stop(giver.name, giver.id))));
            } catch (FlinkClusterException e) {
                throw new FlinkClusterException(e.getMessage() + "; " + howToGoOn(stopped), e);
            }
        }
        return stopped;
    }

    private static String howToGoOn(List<Stopped> stopped) {
        return stopped.isEmpty()
                ? "nothing was stopped"
                : "stopped were " + stopped.stream().map(Stopped::text).collect(joining(", "))
                        + ": the same command goes on from there, for as long as the cluster remembers them, an hour by default";
    }

    /** The highest epoch in which anything was written of a job, corrections too: the job that takes over has another catalog, and must not give a rewind an epoch that corrections have. */
    private long highestEpoch(String jobName) {
        return Catalog.beside(cluster)
                .map(catalogs -> Catalog.of(jobName, catalogs).highestEpoch())
                .orElse(0L);
    }

    private void start(RouterSpec spec, List<RouterJob> due, List<Stopped> stopped, String jar) {
        Map<String, TopicOffsets> reached = new TreeMap<>();
        stopped.forEach(one -> reached.putAll(one.reached()));
        reached.keySet().stream()
                .filter(route -> !spec.routeNames().contains(route))
                .forEach(route ->
                        terminal.out().println("route " + route + " is gone, since the spec has no such route"));
        reached.keySet().retainAll(spec.routeNames());
        for (RouteSpec route : spec.routes()) {
            terminal.err()
                    .println("route " + route.name()
                            + (reached.containsKey(route.name())
                                    ? " goes on at " + reached.get(route.name()).json()
                                    : " is new, and begins where its job does"));
        }
        long epoch = stopped.stream()
                .mapToLong(one -> Math.max(JobOptions.epoch(one.giver.shown), highestEpoch(one.giver.name)))
                .max()
                .orElse(0);
        for (RouterJob job : due) {
            start(job.inEpoch(epoch), reached, jar);
        }
        stopped.forEach(HandOver::unpark);
    }

    private void start(RouterJob job, Map<String, TopicOffsets> reached, String jar) {
        Map<String, TopicOffsets> own = new TreeMap<>(reached);
        own.keySet().retainAll(job.routes().stream().map(RouteSpec::name).toList());
        TopicOffsets begin = TopicOffsets.lowest(own.values());
        jobs.start(job.goingOnAt(begin.json()).handingOver(HandedOver.of(own, begin)), Optional.empty(), jar);
    }

    private static void unpark(Stopped stopped) {
        stopped.giver.parking().ifPresent(parking -> {
            try {
                KafkaEvents.unpark(parking, stopped.giver.routes());
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        });
    }

    /** A job that gives its routes away. */
    private record Giver(String name, String id, Optional<String> path, Map<String, String> shown) {

        String pipeline() {
            return shown.getOrDefault(JobOptions.PIPELINE, "");
        }

        Set<String> routes() {
            return JobOptions.routes(shown).keySet();
        }

        Optional<KafkaParking> parking() {
            return JobOptions.parking(shown);
        }
    }

    /** A job that was stopped, and its state. */
    private record Stopped(Giver giver, String path) {

        String text() {
            return "job " + giver.name + " at " + path;
        }

        /** Where each of its routes is to go on: behind what it has had, but not behind what still waits. */
        Map<String, TopicOffsets> reached() {
            TopicOffsets read = offsets(SavedState.at(path));
            Map<String, TopicOffsets> parked = parked(giver);
            HandedOver had = JobOptions.handedOver(giver.shown);
            Map<String, TopicOffsets> reached = new TreeMap<>();
            giver.routes()
                    .forEach(route -> reached.put(
                            route,
                            read.with(had.of(route), Math::max)
                                    .with(parked.getOrDefault(route, TopicOffsets.NONE), Math::min)));
            return reached;
        }
    }
}
