package io.millrace.io.objects;

import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.transforms.event.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.junit.Test;

public class WindowClockTest {
    private final WindowClock clock = new WindowClock(Duration.ofMinutes(1), Duration.ofSeconds(30));

    @Test
    public void windowsBeginAtMultiplesOfTheirSizeAlsoBefore1970() {
        assertThat(clock.windowStart(joda(ONE_PAST.minusMillis(1))), is(joda(NOON)));
        assertThat(clock.windowStart(joda(ONE_PAST)), is(joda(ONE_PAST)));
        assertThat(
                clock.windowStart(joda(Instant.parse("1969-12-31T23:59:30Z"))),
                is(joda(Instant.parse("1969-12-31T23:59:00Z"))));
    }

    @Test
    public void aWindowIsOpenUntilTheWatermarkHasPassedItsEndByTheAllowedLateness() {
        assertThat(clock.end(joda(NOON)), is(joda(ONE_PAST)));
        assertThat(clock.closing(joda(NOON)), is(joda(ONE_PAST.plusSeconds(30))));
        assertThat(closedAt(ONE_PAST.plusSeconds(30).minusMillis(1)), is(false));
        assertThat(closedAt(ONE_PAST.plusSeconds(30)), is(true));
    }

    @Test
    public void saysHowLateAnEventIs() {
        assertThat(
                clock.lateMessage(joda(NOON), clock.closedUntil(joda(TWO_PAST)), joda(TWO_PAST)),
                is("event must come before the watermark is PT30S past its window's end 2026-01-01T12:01:00.000Z,"
                        + " but came PT30S later than that"));
    }

    @Test
    public void afterARestartAnEventIsAtLeastAsLateAsWindowsWereClosedBefore() {
        assertThat(
                clock.lateMessage(joda(NOON), joda(TWO_PAST), BoundedWindow.TIMESTAMP_MIN_VALUE),
                is("event must come before the watermark is PT30S past its window's end 2026-01-01T12:01:00.000Z,"
                        + " but came PT1M later than that"));
    }

    @Test
    public void staysWithinTheTimesThatBeamKnows() {
        assertThat(clock.windowStart(DeadLetter.NO_TIME), is(DeadLetter.NO_TIME));
        assertThat(clock.closedUntil(BoundedWindow.TIMESTAMP_MIN_VALUE), is(DeadLetter.NO_TIME));
        assertThat(
                clock.closing(clock.windowStart(BoundedWindow.TIMESTAMP_MAX_VALUE)),
                is(GlobalWindow.INSTANCE.maxTimestamp()));
        assertThat(clock.isClosed(joda(NOON), clock.closedUntil(new org.joda.time.Instant(Long.MAX_VALUE))), is(true));
    }

    private boolean closedAt(Instant watermark) {
        return clock.isClosed(joda(NOON), clock.closedUntil(joda(watermark)));
    }
}
