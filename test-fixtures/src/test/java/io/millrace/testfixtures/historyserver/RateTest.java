package io.millrace.testfixtures.historyserver;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.Test;

public class RateTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    public void letsSoManyPassWithinAnySecond() {
        Rate rate = new Rate(3);

        assertThat(
                passing(
                        rate, 0, 400, 800, 900, 999, 1_000, 1_001, 1_399, 1_400, 1_799, 1_800, 9_000, 9_000, 9_000,
                        9_000),
                is(List.of(0L, 400L, 800L, 1_000L, 1_400L, 1_800L, 9_000L, 9_000L, 9_000L)));
    }

    private static List<Long> passing(Rate rate, long... millis) {
        return LongStream.of(millis)
                .filter(at -> !rate.isExceeded(at * MILLISECOND))
                .boxed()
                .toList();
    }
}
