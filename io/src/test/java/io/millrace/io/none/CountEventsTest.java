package io.millrace.io.none;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItems;

import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.Sinks;
import io.millrace.testfixtures.Counters;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.Rule;
import org.junit.Test;

public class CountEventsTest {
    private static final SinkContext CONTEXT =
            new SinkContext(new Run("play-events", "", "first", 0), "nowhere", false);

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Test
    public void countsEveryEventAsDeliveredTombstonesToo() {
        PAssert.that(pipeline.apply(Create.of(event(1), event(2))).apply(CountEvents.of(CONTEXT)))
                .empty();

        PipelineResult result = pipeline.run();

        assertThat(Counters.of(result, "millrace.play-events.nowhere"), hasEntry("delivered", 2L));
    }

    @Test
    public void sinksAreFoundByName() {
        assertThat(Sinks.byName().keySet(), hasItems("console", "files", "none"));
    }

    private static Event event(long offset) {
        return Event.of(new Origin("plays", 0, offset), null, null);
    }
}
