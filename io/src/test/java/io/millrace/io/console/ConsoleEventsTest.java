package io.millrace.io.console;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayContainingInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.SinkContext;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

public class ConsoleEventsTest {
    private static final SinkContext CONTEXT = new SinkContext(new Run("play-events", "", "first", 0), "shown", false);

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    private final PrintStream console = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @After
    public void restoreConsole() {
        System.setOut(console);
    }

    @Test
    public void printsTheValueOfEachEventAsOneLine() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.ISO_8859_1));
        pipeline.apply(Create.of(event(1, "{\"a\":\n1}"), event(2, "\u00ff\u0000plain")))
                .apply(ConsoleEvents.write(CONTEXT));

        pipeline.run();

        assertThat(
                printed.toString(StandardCharsets.ISO_8859_1).split("\n"),
                arrayContainingInAnyOrder("{\"a\": 1}", "\u00ff\u0000plain"));
    }

    @Test
    public void givesUpATombstone() {
        Event tombstone = Event.of(new Origin("plays", 0, 1), null, null);
        PCollection<DeadLetter> deadLetters =
                pipeline.apply(Create.of(tombstone)).apply(ConsoleEvents.write(CONTEXT));

        PAssert.that(deadLetters)
                .containsInAnyOrder(new DeadLetter(
                        tombstone,
                        "shown",
                        "sink",
                        Reason.NO_VALUE,
                        "value must not be null where it is written as a line",
                        DeadLetter.NO_TIME));
        pipeline.run();
    }

    @Test
    public void failsWhereStandardOutputIsClosed() {
        System.setOut(new PrintStream(new ClosedPipe(), true, StandardCharsets.UTF_8));
        pipeline.apply(Create.of(event(1, "1"))).apply(ConsoleEvents.write(CONTEXT));

        Exception failure = assertThrows(Exception.class, pipeline::run);

        assertThat(failure.toString(), containsString("standard output must take what is printed, but it is closed"));
    }

    private static Event event(long offset, String value) {
        return Event.of(new Origin("plays", 0, offset), null, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static final class ClosedPipe extends OutputStream {
        @Override
        public void write(int unit) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
