package io.millrace.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.time.Instant;
import org.junit.Test;

public class RetryAfterTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    public void readsSecondsAndDates() {
        assertThat(RetryAfter.of("7", NOON), is(Duration.ofSeconds(7)));
        assertThat(RetryAfter.of(" 120 ", NOON), is(Duration.ofMinutes(2)));
        assertThat(RetryAfter.of("Wed, 25 Nov 2026 12:00:30 GMT", NOON), is(Duration.ofSeconds(30)));
    }

    @Test
    public void isASecondWhereNothingIsSaid() {
        assertThat(RetryAfter.of(null, NOON), is(Duration.ofSeconds(1)));
        assertThat(RetryAfter.of("soon", NOON), is(Duration.ofSeconds(1)));
        assertThat(RetryAfter.of("-5", NOON), is(Duration.ofSeconds(1)));
        assertThat(RetryAfter.of("1.5", NOON), is(Duration.ofSeconds(1)));
    }

    @Test
    public void isNeitherTooShortNorTooLong() {
        assertThat(RetryAfter.of("0", NOON), is(Duration.ofMillis(100)));
        assertThat(RetryAfter.of("Wed, 25 Nov 2026 11:00:00 GMT", NOON), is(Duration.ofMillis(100)));
        assertThat(RetryAfter.of("86400", NOON), is(Duration.ofMinutes(5)));
        assertThat(RetryAfter.of("999999999999999999", NOON), is(Duration.ofMinutes(5)));
    }
}
