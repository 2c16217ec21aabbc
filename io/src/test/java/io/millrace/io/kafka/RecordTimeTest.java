package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.source.EventTimes;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.Test;

public class RecordTimeTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final EventTimes TIMES = EventTimes.ofRecords().withMaxAhead(Duration.ofMinutes(1));

    @Test
    public void aRecordThatIsCheckedCannotBeFurtherAheadOfTheClockThanIsSaid() {
        PolledEvents polled = polled(
                TIMES.checkingRecords(),
                NOON.plusSeconds(60).toEpochMilli(),
                NOON.plusMillis(60_001).toEpochMilli(),
                Long.MAX_VALUE,
                0);

        assertThat(polled.time(0), is(NOON.plusSeconds(60).toEpochMilli()));
        assertThat(polled.problem(0) == null, is(true));
        assertThat(polled.time(1), is(PolledEvents.NO_TIME));
        assertThat(
                polled.problem(1),
                is(new TimeProblem(
                        Reason.EVENT_TIME_TOO_FAR_AHEAD,
                        NOON.plusMillis(60_001).toEpochMilli(),
                        "the record's own time, 2026-01-31T12:01:00.001Z, is too far ahead of the clock")));
        assertThat(
                polled.problem(2),
                is(new TimeProblem(
                        Reason.EVENT_TIME_TOO_FAR_AHEAD,
                        PartitionWatermark.LATEST,
                        "the record's own time, +292278994-08-17T07:12:55.807Z, is too far ahead of the clock")));
        assertThat(polled.time(3), is(0L));
    }

    @Test
    public void aRecordThatIsCheckedMustHaveATime() {
        PolledEvents polled = polled(TIMES.checkingRecords(), -1);

        assertThat(polled.time(0), is(PolledEvents.NO_TIME));
        assertThat(
                polled.problem(0),
                is(new TimeProblem(
                        Reason.EVENT_TIME_UNREADABLE, TimeProblem.NO_TIME, "the record has no time of its own")));
    }

    @Test
    public void aRecordThatIsNotCheckedIsTakenAsItIs() {
        PolledEvents polled = polled(TIMES, -1, NOON.plusSeconds(3_600).toEpochMilli());

        assertThat(polled.time(0), is(PolledEvents.NO_TIME));
        assertThat(polled.problem(0) == null, is(true));
        assertThat(polled.time(1), is(NOON.plusSeconds(3_600).toEpochMilli()));
    }

    private static PolledEvents polled(EventTimes times, long... ofRecords) {
        RecordTime recordTime = RecordTime.of(times, Clock.fixed(NOON, ZoneOffset.UTC));
        PolledEvents.Builder polled = PolledEvents.builder(ofRecords.length);
        for (long time : ofRecords) {
            recordTime.add(Event.of(new Origin("c/plays", 0, 0), null, new byte[0]), time, polled);
        }
        return polled.build();
    }
}
