package io.millrace.pipelines;

import io.millrace.io.kafka.KafkaEvents;
import io.millrace.pipelines.rewind.Restorable;
import io.millrace.pipelines.router.RouterJob;
import io.millrace.pipelines.router.TopicOffsets;
import io.millrace.runnerprofiles.CompletedState;
import io.millrace.runnerprofiles.FlinkClusterException;
import io.millrace.runnerprofiles.SavedState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.io.UnboundedSource.CheckpointMark;

/**
 * Waits for a job that reads on. What it has read is known by its checkpoints alone: what they do not have, a failure reads once more. The one after the first that has all comes behind the watermark
 * of that, so by then windows are written that it closes.
 */
final class ReadingOn {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int CHECKPOINTS_STANDING_STILL = 5;

    private final Rewinds rewinds;
    private final Terminal terminal;
    private final RouterJob job;
    private final String jobId;
    private final Optional<Restorable> restorable;
    private final TopicOffsets begun;

    /**
     * Of a job under an id.
     *
     * @param restorable what is known of its steps; of one that is not known nothing is read
     * @param begun where it began to read
     */
    ReadingOn(Rewinds rewinds, RouterJob job, String jobId, Optional<Restorable> restorable, TopicOffsets begun) {
        this.rewinds = rewinds;
        this.terminal = rewinds.terminal();
        this.job = job;
        this.jobId = jobId;
        this.restorable = restorable;
        this.begun = begun;
    }

    /**
     * What the job has read by a checkpoint.
     *
     * @param checkpoint the number of that; 0 for none
     * @param watermark how far event time had come, where that is known
     * @param furthest how far in the partition in which it had come furthest
     */
    record Read(long checkpoint, TopicOffsets offsets, Optional<Instant> watermark, Optional<Instant> furthest) {}

    /** Waits until all is read up to some offsets. Some may be left of which there are no events, such as transactions leave at an end: where nothing more is read for some checkpoints, and Kafka and no archive has what is next, nothing more is there. */
    Read await(TopicOffsets upTo, Runnable checkRuns) {
        return await(
                read -> read.offsets.upTo(upTo),
                left -> "reading: %,d events are left".formatted(left),
                true,
                checkRuns);
    }

    /** Waits until event time has come to a moment, which it only does as long as events come or the source is idle. */
    Read awaitEventTime(Instant moment, Runnable checkRuns) {
        return await(
                read -> Math.max(
                        0,
                        moment.toEpochMilli()
                                - read.watermark.orElse(Instant.EPOCH).toEpochMilli()),
                left -> "waiting until event time has come to " + moment + ", it is at " + moment.minusMillis(left),
                false,
                checkRuns);
    }

    private Read await(
            ToLongFunction<Read> toGo, LongFunction<String> news, boolean endsStandingStill, Runnable checkRuns) {
        long told = System.nanoTime() - terminal.progressEvery().toNanos();
        long complete = Long.MAX_VALUE;
        Read last = new Read(-1, TopicOffsets.NONE, Optional.empty(), Optional.empty());
        long lastLeft = -1;
        int still = 0;
        Read read = read(checkRuns);
        while (read.checkpoint <= complete) {
            long left = toGo.applyAsLong(read);
            if (still >= CHECKPOINTS_STANDING_STILL && HeldTopics.now(job).haveAllFrom(read.offsets)) {
                return read;
            }
            if (left > 0 && System.nanoTime() - told >= terminal.progressEvery().toNanos()) {
                terminal.err().println(news.apply(left));
                told = System.nanoTime();
            }
            if (read.checkpoint > last.checkpoint) {
                still = endsStandingStill && left == lastLeft ? still + 1 : 0;
                last = read;
                lastLeft = left;
            }
            complete = left > 0 ? Long.MAX_VALUE : Math.min(complete, read.checkpoint);
            Waiting.pause(BETWEEN_LOOKS);
            read = read(checkRuns);
        }
        return read;
    }

    /** What the job has read by its newest checkpoint. */
    private Read read(Runnable checkRuns) {
        checkRuns.run();
        return rewinds.cluster().rememberedStates(jobId).completed().stream()
                .sorted(Comparator.comparingLong(CompletedState::id).reversed())
                .flatMap(state -> restorable.flatMap(one -> read(state, one)).stream())
                .findFirst()
                .orElseGet(() -> new Read(0, begun, Optional.empty(), Optional.empty()));
    }

    private static Optional<Read> read(CompletedState state, Restorable restorable) {
        try {
            List<CheckpointMark> marks = SavedState.at(state.path()).streamsBegun(restorable.stepsBesideSources());
            return Optional.of(new Read(
                    state.id(),
                    TopicOffsets.parse(KafkaEvents.offsets(marks)),
                    KafkaEvents.watermark(marks),
                    KafkaEvents.furthestWatermark(marks)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not all partitions of a topic had been begun
        } catch (FlinkClusterException e) {
            if (SavedState.exists(state.path())) {
                throw e;
            }
            return Optional.empty(); // its job has the next one
        }
    }
}
