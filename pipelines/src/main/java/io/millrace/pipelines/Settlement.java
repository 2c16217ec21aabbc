package io.millrace.pipelines;

import io.millrace.devinterface.spec.ParkingSpec;
import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.HandedOver;
import io.millrace.pipelines.router.JobOptions;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The end of a rewind: waits until its job has read again all that came since the point, and removes from the sinks what it has not made again. */
final class Settlement {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int CHECKPOINTS_STANDING_STILL = 5;

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final Rewind rewind;
    private final RouterJob job;
    private final HandedOver handedOver;
    private final Optional<Restorable> restorable;
    private final Map<String, String> topics = new HashMap<>();

    Settlement(Rewinds rewinds, Rewind rewind, Successor successor) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.rewind = rewind;
        this.job = successor.job();
        this.restorable = rewinds.restorable(rewind.jobId());
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
        try {
            job.sources().stream()
                    .flatMap(source -> Stream.ofNullable(source.kafka()))
                    .forEach(kafka -> topics.putAll(KafkaEvents.streams(kafka)));
            for (RouteSpec route : job.routes()) {
                Optional<Leftovers> leftovers = job.leftovers(route);
                if (leftovers.isPresent()) {
                    remove(leftovers.get(), route);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new FlinkClusterException(
                    "job " + rewinds.jobName() + " runs, but it is still to be removed what was not made again: "
                            + e.getMessage() + "; the same command goes on",
                    e);
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

    /**
     * What the job has read is known by its checkpoints alone: what they do not have, a failure reads once more. The one after the first that has all comes behind the watermark
     * of that, so by then windows are written that it closes. Offsets may be left of which there are no events, such as transactions leave at an end: where nothing more is read for some
     * checkpoints, nothing more is there.
     */
    private void awaitReplay() {
        long told = System.nanoTime() - terminal.progressEvery().toNanos();
        long complete = Long.MAX_VALUE;
        Read last = new Read(-1, -1);
        int still = 0;
        for (Read read = read(); read.checkpoint <= complete; read = read()) {
            if (still >= CHECKPOINTS_STANDING_STILL) {
                Rewinds.ends(job); // fails where a partition cannot be read
                return;
            }
            if (read.left > 0
                    && System.nanoTime() - told >= terminal.progressEvery().toNanos()) {
                terminal.err().println("reading again: %,d events are left".formatted(read.left));
                told = System.nanoTime();
            }
            if (read.checkpoint > last.checkpoint) {
                still = read.left == last.left ? still + 1 : 0;
                last = read;
            }
            complete = read.left > 0 ? Long.MAX_VALUE : Math.min(complete, read.checkpoint);
            Waiting.pause(BETWEEN_LOOKS);
        }
    }

    /**
     * What the job has read by its newest checkpoint.
     *
     * @param checkpoint the number of that
     * @param left how many events are left
     */
    private record Read(long checkpoint, long left) {}

    private Read read() {
        String id = rewind.jobId();
        if (!rewinds.runs(rewind)) {
            throw new FlinkClusterException(
                    "job " + rewinds.jobName() + " was taken back as " + id + ", but does not run"
                            + " as that any more, so it is not known whether it has read all of it again: what it has not made again stays in the"
                            + " sinks. rewind run with another --to, such as a millisecond later, begins anew");
        }
        return rewinds.cluster().rememberedStates(id).completed().stream()
                .sorted(Comparator.comparingLong(CompletedState::id).reversed())
                .flatMap(state -> restorable.flatMap(one -> RestorePoint.of(one, state, Kind.CHECKPOINT)).stream())
                .findFirst()
                .map(newest -> new Read(newest.id(), newest.offsets().upTo(rewind.reached())))
                .orElseGet(() -> new Read(0, rewind.point().offsets().upTo(rewind.reached())));
    }

    private void remove(Leftovers leftovers, RouteSpec route) throws IOException {
        TopicOffsets had = handedOver.of(route.name());
        Leftovers.Removed removed = leftovers.remove((stream, partition) -> replayed(had, stream, partition));
        String kept =
                removed.kept() == 0 ? "" : ", %,d stay that may have such lines among others".formatted(removed.kept());
        terminal.out()
                .println(
                        "route %s: %,d were removed that were not made again".formatted(route.name(), removed.removed())
                                + kept);
    }

    /** What the route has had from jobs before, it is not given again; nor is what the point knows nothing of. */
    private Optional<OffsetRange> replayed(TopicOffsets had, String stream, int partition) {
        @Nullable String topic = topics.get(stream);
        if (topic == null) {
            return Optional.empty();
        }
        long seen = had.of(topic, partition).orElse(0L);
        return rewind.point()
                .offsets()
                .of(topic, partition)
                .map(from -> Math.max(from, seen))
                .flatMap(from -> rewind.reached()
                        .of(topic, partition)
                        .filter(end -> end > from)
                        .map(end -> new OffsetRange(from, end)));
    }
}
