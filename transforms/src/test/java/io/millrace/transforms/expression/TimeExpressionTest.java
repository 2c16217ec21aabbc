package io.millrace.transforms.expression;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.Test;

public class TimeExpressionTest {
    private static final Events PLAY = Events.document("""
            {"millis": 1767323045678, "whole": 1767323045678.0, "part": 1.5, "text": "2026-01-02T03:04:05.678Z",
             "escaped": "2026\\u002d01-02T03:04:05.678Z", "flag": true, "big": 1e300, "word": "yesterday"}""");
    private static final long THEN = Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli();

    @Test
    public void readsMillisecondsTextAndTimestamps() throws EvaluationException {
        assertThat(PLAY.time("event.millis"), is(THEN));
        assertThat(PLAY.time("event.whole"), is(THEN));
        assertThat(PLAY.time("event.text"), is(THEN));
        assertThat(PLAY.time("event.escaped"), is(THEN));
        assertThat(PLAY.time("timestamp(event.text)"), is(THEN));
        assertThat(PLAY.time("event.millis / 1000 * 1000"), is(THEN - 678));
        assertThat(PLAY.at(5).time("timestamp"), is(5L));
    }

    @Test
    public void cutsFinerPartsOffTowardsThePast() throws EvaluationException {
        assertThat(PLAY.time("'1969-12-31T23:59:59.9999Z'"), is(-1L));
        assertThat(PLAY.time("'1969-12-31T23:59:59.9989999Z'"), is(-2L));
        assertThat(PLAY.time("timestamp('1969-12-31T23:59:59.9989999Z')"), is(-2L));
    }

    @Test
    public void failsOnWhatIsNoTime() {
        assertThat(failure("event.part"), is("a time has milliseconds with a fraction: 1.5"));
        assertThat(failure("event.word"), is("'yesterday' is no RFC 3339 time"));
        assertThat(
                failure("event.flag"), is("a time must be milliseconds, RFC 3339 text or a timestamp, but was a bool"));
        assertThat(failure("event.big"), is("time out of range: 9223372036854775807"));
        assertThat(failure("253402300800000"), is("time out of range: 253402300800000"));
        assertThat(failure("event.missing"), is("no such field 'missing'"));
    }

    @Test
    public void refusesTextThatIsAlmostATime() {
        Rfc3339 time = new Rfc3339();
        String[] texts = {
            "",
            "2026-01-02",
            "2026-01-02T03:04Z",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+1:00",
            "2026-01-01T00:00:00Zx",
            "+026-01-01T00:00:00Z",
            "2026-01-01T00:00:0",
            "2026-01-01T00:00:00-",
            "２026-01-01T00:00:00Z"
        };
        for (String text : texts) {
            assertThat(text, time.parse(text), is(false));
        }
    }

    @Test
    public void readsTheSameTimesAsTheJdk() {
        Random random = new Random(20261122);
        Rfc3339 time = new Rfc3339();
        for (int i = 0; i < 20_000; i++) {
            String text = LocalDate.ofYearDay(random.nextInt(10_000), 1 + random.nextInt(365))
                    + String.format(
                            "T%02d:%02d:%02d%s%s",
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextBoolean() ? "" : "." + random.nextInt(1_000_000_000),
                            random.nextBoolean()
                                    ? "Z"
                                    : String.format(
                                            "%s%02d:%02d",
                                            random.nextBoolean() ? "+" : "-", random.nextInt(18), random.nextInt(60)));
            assertThat(text, time.parse(text), is(true));
            assertThat(
                    text,
                    Instant.ofEpochSecond(time.seconds(), time.nanos()),
                    is(OffsetDateTime.parse(text).toInstant()));
        }
    }

    private static String failure(String expression) {
        return assertThrows(EvaluationException.class, () -> PLAY.time(expression))
                .getMessage();
    }
}
