package io.millrace.benchmarks.coisolated;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.benchmarks.coisolated.FrozenSinkTrial.Seen;
import io.millrace.benchmarks.coisolated.FrozenSinkTrial.Span;
import org.junit.Test;

public class ResultTimesTest {
    private static final Span ONE_TO_THREE_SECONDS = new Span(1_000, 3_000, 500);

    /** Of a sink that stood still, the results of the span's events come after it. */
    @Test
    public void takesLatenciesByTheEventsOfASpanAndTheRateByItsResults() {
        ResultTimes times = new ResultTimes();
        times.add(900, 1_100);
        times.add(1_000, 1_010);
        times.add(2_999, 10_999);
        times.add(3_000, 3_001);

        assertThat(times.seen(ONE_TO_THREE_SECONDS), is(new Seen(250, 8, 10, 8_000)));
    }
}
