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
 * The event times and the watermark of one partition: KafkaIO asks it for each record, and for the watermark in between.
 *
 * <p>A record whose time cannot be used gets the partition's watermark, so that it is neither late nor ahead, and is marked with
 * what is wrong for the step that makes events of records. A finished partition's watermark is the end of time, which ends a
 * runner's source once all its partitions are there.
 */
final class EventTimePolicy extends TimestampPolicy<byte[], byte[]> {
    private final PartitionProgress progress;
    private final RecordTime recordTime;
    private final PartitionWatermark watermark;
    private long consumed = PartitionProgress.NONE;

    EventTimePolicy(PartitionProgress progress, EventTimes times, Optional<Instant> previousWatermark) {
        this.progress = progress;
        this.recordTime = RecordTime.of(times);
        Instant previous = previousWatermark.orElse(BoundedWindow.TIMESTAMP_MIN_VALUE);
        this.watermark = new PartitionWatermark(times, Math.min(previous.getMillis(), PartitionWatermark.LATEST));
        if (!previous.isBefore(BoundedWindow.TIMESTAMP_MAX_VALUE)) {
            progress.finish();
        }
    }

    @Override
    public Instant getTimestampForRecord(PartitionContext context, KafkaRecord<byte[], byte[]> record) {
        consumed = record.getOffset();
        long time = recordTime.timeOrMark(record);
        if (time == RecordTime.UNUSABLE) {
            watermark.isBehind();
            return new Instant(watermark.millis());
        }
        watermark.sawEvent(time);
        return new Instant(time);
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
    static final class Factory implements TimestampPolicyFactory<byte[], byte[]> {
        private static final long serialVersionUID = 1;

        private final ReadProgress progress;
        private final EventTimes times;

        Factory(ReadProgress progress, EventTimes times) {
            this.progress = progress;
            this.times = times;
        }

        @Override
        public TimestampPolicy<byte[], byte[]> createTimestampPolicy(
                TopicPartition partition, Optional<Instant> previousWatermark) {
            return new EventTimePolicy(progress.begin(partition), times, previousWatermark);
        }
    }
}
