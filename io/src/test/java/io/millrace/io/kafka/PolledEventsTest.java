package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.Test;

public class PolledEventsTest {
    private static final TimeProblem AHEAD = new TimeProblem(Reason.EVENT_TIME_TOO_FAR_AHEAD, 99, "eventTime: too far");

    @Test
    public void beginsAtItsEarliestTime() {
        PolledEvents.Builder polled = PolledEvents.builder(2);
        polled.add(event(0), 20);
        polled.add(event(1), 5);

        assertThat(polled.build().earliest(), is(5L));
    }

    @Test
    public void survivesARunnerThatCopiesIt() throws Exception {
        PolledEvents original = mixed();

        PolledEvents copy = CoderUtils.clone(new PolledEventsCoder(), original);

        assertThat(copy.size(), is(4));
        for (int position = 0; position < 4; position++) {
            assertThat(copy.event(position), is(original.event(position)));
            assertThat(copy.time(position), is(original.time(position)));
            assertThat(copy.problem(position), is(original.problem(position)));
        }
        assertThat(copy.records(), is(nullValue()));
    }

    @Test
    public void survivesWithWhatAnArchiveHasToKnow() throws Exception {
        PolledEvents original = mixed().with(new PolledEvents.Records(7, new long[] {20, -1, 99, 5}));

        PolledEvents copy = CoderUtils.clone(new PolledEventsCoder(), original);

        assertThat(copy.records().from(), is(7L));
        assertThat(copy.records().times(), is(new long[] {20, -1, 99, 5}));
        assertThat(copy.event(3), is(original.event(3)));
    }

    private static PolledEvents mixed() {
        PolledEvents.Builder polled = PolledEvents.builder(1); // fewer than there are
        polled.add(event(0), 20);
        polled.add(event(1), PolledEvents.NO_TIME, AHEAD);
        polled.add(event(2), PolledEvents.NO_TIME);
        polled.add(event(3), 5);
        return polled.build();
    }

    private static Event event(long offset) {
        return Event.of(new Origin("cluster/plays", 3, offset), null, ("{\"n\":" + offset + "}").getBytes(UTF_8));
    }
}
