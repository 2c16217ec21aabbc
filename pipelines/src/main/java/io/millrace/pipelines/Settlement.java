package io.millrace.pipelines;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.io.kafka.KafkaEvents;
import io.millrace.io.sink.Leftovers;
import io.millrace.io.source.OffsetRange;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.pipelines.rewind.RestorePoint.Kind;
import io.millrace.pipelines.rewind.Rewind;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkClusterException;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** The end of a rewind: waits until its job has read again all that came since the point, and removes from the sinks what it has not made again. */
final class Settlement {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final Rewind rewind;
    private final RouterJob job;

    Settlement(Rewinds rewinds, Rewind rewind, RouterJob job) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.rewind = rewind;
        this.job = job;
    }

    /** Does both; again, if it broke off. */
    void settle() {
        awaitReplay();
        if (job.topicReadTwice().isPresent()) {
            terminal.out()
                    .println("what was not made again stays in the sinks, since two sources have topics of one name");
            return;
        }
        for (RouteSpec route : job.routes()) {
            job.leftovers(route).ifPresent(leftovers -> remove(leftovers, route));
        }
    }

    /**
     * What the job has read is known by its checkpoints alone: what they do not have, a failure reads once more. The one after the first that has all comes behind the watermark
     * of that, so by then windows are written that it closes.
     */
    private void awaitReplay() {
        long told = System.nanoTime() - terminal.progressEvery().toNanos();
        long complete = Long.MAX_VALUE;
        for (Read read = read(); read.checkpoint <= complete; read = read()) {
            if (read.left > 0
                    && System.nanoTime() - told >= terminal.progressEvery().toNanos()) {
                terminal.err().println("reading again: %,d events are left".formatted(read.left));
                told = System.nanoTime();
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
        String id = rewinds.running()
                .orElseThrow(() -> new FlinkClusterException("job " + rewinds.jobName() + " was taken back, but does"
                        + " not run any more: the same command goes on when it does"));
        Optional<Restorable> restorable = rewinds.restorable(id);
        return rewinds.cluster().rememberedStates(id).completed().stream()
                .sorted(Comparator.comparingLong(CompletedState::id).reversed())
                .flatMap(state -> restorable.flatMap(one -> RestorePoint.of(one, state, Kind.CHECKPOINT)).stream())
                .findFirst()
                .map(newest -> new Read(newest.id(), newest.offsets().upTo(rewind.reached())))
                .orElseGet(() -> new Read(0, rewind.point().offsets().upTo(rewind.reached())));
    }

    private void remove(Leftovers leftovers, RouteSpec route) {
        try {
            Leftovers.Removed removed = leftovers.remove(this::replayed);
            String kept = removed.kept() == 0
                    ? ""
                    : ", %,d stay that may have such lines among others".formatted(removed.kept());
            terminal.out()
                    .println("route %s: %,d were removed that were not made again"
                                    .formatted(route.name(), removed.removed())
                            + kept);
        } catch (IOException e) {
            throw new FlinkClusterException(
                    "the job runs, but of route " + route.name()
                            + " it is still to be removed what was not made again: " + e.getMessage()
                            + "; the same command goes on",
                    e);
        }
    }

    private Optional<OffsetRange> replayed(String stream, int partition) {
        String topic = KafkaEvents.topicOf(stream);
        long from = rewind.point().offsets().of(topic, partition).orElse(0L);
        return rewind.reached().of(topic, partition).filter(end -> end > from).map(end -> new OffsetRange(from, end));
    }
}
