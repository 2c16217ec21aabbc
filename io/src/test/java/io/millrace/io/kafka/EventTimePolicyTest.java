package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
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
    public void givesAnElementTheTimeOfItsEarliestEventAndStaysBehindItsLatest() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.empty());

        assertThat(policy.getTimestampForRecord(context(), record(1, NOON, NOON.minus(5_000))), is(NOON.minus(5_000)));
        assertThat(policy.getWatermark(context()), is(NOON.minus(10_000)));
    }

    @Test
    public void givesAnEventWithoutATimeTheWatermarkThatTheEventsBeforeItHaveMade() {
        EventTimePolicy policy = new EventTimePolicy(progress, TIMES, Optional.of(NOON));
        PolledEvents.Builder builder = PolledEvents.builder(4);
        builder.add(event(), PolledEvents.NO_TIME);
        builder.add(event(), NOON.plus(60_000).getMillis());
        builder.add(event(), PolledEvents.NO_TIME);
        builder.add(event(), NOON.plus(90_000).getMillis());
        PolledEvents polled = builder.build();

        assertThat(policy.getTimestampForRecord(context(), element(3, polled)), is(NOON));
        assertThat(polled.time(0), is(NOON.getMillis()));
        assertThat(polled.time(2), is(NOON.plus(50_000).getMillis()));
        assertThat(policy.getWatermark(context()), is(NOON.plus(80_000)));
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

    private static KafkaRecord<byte[], PolledEvents> record(long offset, Instant... times) {
        PolledEvents.Builder polled = PolledEvents.builder(times.length);
        for (Instant time : times) {
            polled.add(event(), time.getMillis());
        }
        return element(offset, polled.build());
    }

    private static Event event() {
        return Event.of(new Origin("c/plays", 0, 0), null, new byte[0]);
    }

    private static KafkaRecord<byte[], PolledEvents> element(long offset, PolledEvents polled) {
        return new KafkaRecord<>(
                "plays", 0, offset, 0, KafkaTimestampType.CREATE_TIME, new RecordHeaders(), null, polled);
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
