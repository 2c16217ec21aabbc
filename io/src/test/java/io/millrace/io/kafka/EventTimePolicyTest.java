package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.EventTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.io.kafka.KafkaTimestampType;
import org.apache.beam.sdk.io.kafka.TimestampPolicy.PartitionContext;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.joda.time.Instant;
import org.junit.Test;

public class EventTimePolicyTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final EventTimes TIMES =
            EventTimes.ofRecords().withMaxOutOfOrderness(Duration.ofSeconds(10)).withIdleAfter(Duration.ofSeconds(1));

    private final PartitionProgress progress = new PartitionProgress(2, Long.MAX_VALUE);

    @Test
    public void givesARecordItsTimeAndStaysBehind() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.empty());

        assertThat(policy.getTimestampForRecord(context(), record(0, NOON)), is(NOON));
        assertThat(policy.getWatermark(context()), is(NOON.minus(10_000)));
    }

    @Test
    public void goesOnFromTheWatermarkOfACheckpoint() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.of(NOON));
        policy.getTimestampForRecord(context(), record(0, NOON.minus(3_600_000)));

        assertThat(policy.getWatermark(context()), is(NOON));
    }

    @Test
    public void endsWithTheLastRecordBeforeTheStop() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.empty());
        progress.handOut(List.of(polled(0), polled(1)), 2);

        policy.getTimestampForRecord(context(), record(0, NOON));
        assertThat(policy.getWatermark(context()), is(NOON.minus(10_000)));

        policy.getTimestampForRecord(context(), record(1, NOON));
        assertThat(policy.getWatermark(context()), is(BoundedWindow.TIMESTAMP_MAX_VALUE));
    }

    @Test
    public void hasEndedWhereTheCheckpointSaysSo() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.of(BoundedWindow.TIMESTAMP_MAX_VALUE));

        assertThat(policy.getWatermark(context()), is(BoundedWindow.TIMESTAMP_MAX_VALUE));
        assertThat(progress.isExhausted(), is(true));
    }

    @Test
    public void followsTheClockOfTheLastLookWhenIdle() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.empty());
        progress.handOut(List.of(), 1);
        progress.observeEnd(1, NOON.getMillis());
        policy.getWatermark(context());
        progress.observeEnd(1, NOON.getMillis() + 1_000);

        assertThat(policy.getWatermark(context()), is(NOON.minus(9_000)));
    }

    private static KafkaRecord<byte[], byte[]> record(long offset, Instant time) {
        return new KafkaRecord<>(
                "plays",
                0,
                offset,
                time.getMillis(),
                KafkaTimestampType.CREATE_TIME,
                new RecordHeaders(),
                new byte[0],
                new byte[0]);
    }

    private static ConsumerRecord<byte[], byte[]> polled(long offset) {
        return new ConsumerRecord<>("plays", 0, offset, null, null);
    }

    private static PartitionContext context() {
        return new PartitionContext() {
            @Override
            public long getMessageBacklog() {
                return -1;
            }

            @Override
            public Instant getBacklogCheckTime() {
                return NOON;
            }
        };
    }
}
