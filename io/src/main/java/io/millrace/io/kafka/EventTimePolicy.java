package io.millrace.io.kafka;

import io.millrace.io.source.EventTimes;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.TimestampPolicy;
import org.apache.beam.sdk.io.kafka.TimestampPolicyFactory;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;

/**
 * The time of an element and the watermark of one partition: KafkaIO asks it for each element, and for the watermark in between.
 *
 * <p>An element has the time of its earliest event, so that each can leave the next step at its own time. An event whose time cannot
 * be used gets the watermark that the events before it have made, so that it is neither late nor ahead. A finished partition's
 * watermark is the end of time, which ends a runner's source once all its partitions are there.
 */
final class EventTimePolicy extends TimestampPolicy<byte[], PolledEvents> {
    private final PartitionProgress progress;
    private final PartitionWatermark watermark;
    private long consumed = PartitionProgress.NONE;

    EventTimePolicy(PartitionProgress progress, EventTimes times, Optional<Instant> previousWatermark) {
        this.progress = progress;
        Instant previous = previousWatermark.orElse(BoundedWindow.TIMESTAMP_MIN_VALUE);
        this.watermark = new PartitionWatermark(times, Math.min(previous.getMillis(), PartitionWatermark.LATEST));
        if (!previous.isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE)) {
            progress.finish();
        }
    }

    @Override
    public Instant getTimestampForRecord(PartitionContext context, KafkaRecord<byte[], PolledEvents> element) {
        consumed = element.getOffset();
        PolledEvents polled = element.getKV().getValue();
        for (int position = 0; position < polled.size(); position++) {
            if (polled.time(position) == PolledEvents.NO_TIME) {
                watermark.isBehind();
                polled.setTime(position, watermark.millis());
            } else {
                watermark.sawEvent(polled.time(position));
            }
        }
        return new Instant(polled.earliest());
    }

    @Override
    public Instant getWatermark(PartitionContext context) {
        if (progress.isFinished(consumed)) {
            return BoundedWindow.TIMESTAMP_MAX_VALUE;
        }
        long caughtUpAt = progress.caughtUpAt(consumed);
        if (caughtUpAt == PartitionProgress.NONE) {
            watermark.isBehind();
        } else {
            watermark.wasCaughtUpAt(caughtUpAt);
        }
        return new Instant(watermark.millis());
    }

    /** Makes the policies of a read. It is serialised with the read, into every checkpoint. */
    static final class Factory implements TimestampPolicyFactory<byte[], PolledEvents> {
        private static final long serialVersionUID = 1;

        private final ReadProgress progress;
        private final EventTimes times;

        Factory(ReadProgress progress, EventTimes times) {
            this.progress = progress;
            this.times = times;
        }

        @Override
        public TimestampPolicy<byte[], PolledEvents> createTimestampPolicy(
                TopicPartition partition, Optional<Instant> previousWatermark) {
            return new EventTimePolicy(progress.begin(partition), times, previousWatermark);
        }
    }
}
