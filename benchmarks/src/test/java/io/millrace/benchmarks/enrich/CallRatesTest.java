package io.millrace.benchmarks.enrich;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.Test;

public class CallRatesTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private static CallRates rates(LongStream millis) {
        return new CallRates(millis.mapToObj(NOON::plusMillis).toList());
    }

    @Test
    public void evenCallsAreWhatTheyAreOverAnyTime() {
        CallRates even = rates(LongStream.range(0, 6_000).map(call -> 10 * call));

        assertThat(even.most(TEN_SECONDS), is(100.0));
        assertThat(even.least(TEN_SECONDS), is(99.9)); // between two calls and just before another
    }

    @Test
    public void aBurstAndAPauseAreFoundWhereverTheyAre() {
        CallRates uneven = rates(IntStream.range(0, 6_000)
                .mapToLong(call -> call < 3_000 ? 10L * call : call < 3_200 ? 30_000 : 10L * call));

        assertThat(uneven.most(TEN_SECONDS), is(119.9));
        assertThat(uneven.least(TEN_SECONDS), is(80.0));
    }

    @Test
    public void aPartIsOfItsOwn() {
        CallRates parts = rates(LongStream.of(0, 1_000, 2_000, 3_000));

        assertThat(
                parts.between(NOON.plusMillis(1_000), NOON.plusMillis(3_000)).arrivals(),
                is(List.of(NOON.plusMillis(1_000), NOON.plusMillis(2_000))));
    }
}
