package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.EventTimes;
import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.junit.Test;

public class PartitionWatermarkTest {
    private static final long NOTHING = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final EventTimes TIMES =
            EventTimes.ofRecords().withMaxOutOfOrderness(Duration.ofSeconds(10)).withIdleAfter(Duration.ofSeconds(30));

    private final PartitionWatermark watermark = new PartitionWatermark(TIMES, NOTHING);

    @Test
    public void knowsNothingBeforeTheFirstEvent() {
        assertThat(watermark.millis(), is(NOTHING));
    }

    @Test
    public void staysBehindTheNewestEventAndNeverGoesBack() {
        watermark.sawEvent(NOON.toEpochMilli());
        watermark.sawEvent(NOON.minusSeconds(60).toEpochMilli());

        assertThat(watermark.millis(), is(NOON.minusSeconds(10).toEpochMilli()));
    }

    @Test
    public void goesOnFromThePreviousWatermark() {
        PartitionWatermark restored = new PartitionWatermark(TIMES, NOON.toEpochMilli());
        restored.sawEvent(NOON.minusSeconds(60).toEpochMilli());

        assertThat(restored.millis(), is(NOON.toEpochMilli()));
    }

    @Test
    public void followsTheClockOnceThePartitionWasIdleForLongEnough() {
        watermark.sawEvent(NOON.minusSeconds(3600).toEpochMilli());
        caughtUpEverySecond(NOON, NOON.plusSeconds(29));
        assertThat(watermark.millis(), is(NOON.minusSeconds(3610).toEpochMilli()));

        caughtUpEverySecond(NOON.plusSeconds(30), NOON.plusSeconds(31));
        assertThat(watermark.millis(), is(NOON.plusSeconds(21).toEpochMilli()));
    }

    @Test
    public void followsTheClockWhereThereNeverWasAnEvent() {
        caughtUpEverySecond(NOON, NOON.plusSeconds(30));

        assertThat(watermark.millis(), is(NOON.plusSeconds(20).toEpochMilli()));
    }

    @Test
    public void waitsAnewAfterAnEvent() {
        caughtUpEverySecond(NOON, NOON.plusSeconds(30));
        watermark.sawEvent(NOON.plusSeconds(25).toEpochMilli());
        caughtUpEverySecond(NOON.plusSeconds(31), NOON.plusSeconds(60));

        assertThat(watermark.millis(), is(NOON.plusSeconds(20).toEpochMilli()));
    }

    @Test
    public void waitsAnewWhenThereIsMoreToRead() {
        caughtUpEverySecond(NOON, NOON.plusSeconds(29));
        watermark.isBehind();
        caughtUpEverySecond(NOON.plusSeconds(30), NOON.plusSeconds(59));

        assertThat(watermark.millis(), is(NOTHING));
    }

    @Test
    public void isNotIdleBecauseTheBrokerDidNotAnswer() {
        caughtUpEverySecond(NOON, NOON.plusSeconds(5));
        caughtUpEverySecond(NOON.plusSeconds(300), NOON.plusSeconds(329));
        assertThat(watermark.millis(), is(NOTHING));

        caughtUpEverySecond(NOON.plusSeconds(330), NOON.plusSeconds(330));
        assertThat(watermark.millis(), is(NOON.plusSeconds(320).toEpochMilli()));
    }

    @Test
    public void isNeverIdleWhereThatIsSaid() {
        PartitionWatermark never = new PartitionWatermark(TIMES.withIdleAfter(null), NOTHING);
        never.wasCaughtUpAt(NOON.toEpochMilli());
        never.wasCaughtUpAt(NOON.plusSeconds(3).toEpochMilli());

        assertThat(never.millis(), is(NOTHING));
    }

    @Test
    public void doesNotSayForAnEventThatTheSourceHasEnded() {
        PartitionWatermark inOrder = new PartitionWatermark(TIMES.withMaxOutOfOrderness(Duration.ZERO), NOTHING);
        inOrder.sawEvent(Long.MAX_VALUE);

        assertThat(inOrder.millis(), is(PartitionWatermark.LATEST));
    }

    private void caughtUpEverySecond(Instant first, Instant last) {
        for (Instant look = first; !look.isAfter(last); look = look.plusSeconds(1)) {
            watermark.wasCaughtUpAt(look.toEpochMilli());
        }
    }
}
