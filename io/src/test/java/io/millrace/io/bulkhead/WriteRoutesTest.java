package io.millrace.io.bulkhead;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.EventWriter;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.TimedEvent;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.event.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** What becomes of results of several routes that are written by one step. */
public class WriteRoutesTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final List<RouteWriter> ROUTES = List.of(route("plays"), route("profiles"));

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void givesUpOnceWhatASinkRefusesAndDeliversTheRest() {
        PCollection<DeadLetter> refused = results(
                        List.of(result("plays", "a"), result("profiles", "bad")),
                        List.of(result("profiles", "b")),
                        List.of(result("profiles", "c")))
                .apply(WriteRoutes.of(ROUTES));

        PAssert.that(refused)
                .containsInAnyOrder(new DeadLetter(
                        result("profiles", "bad"), "profiles", "sink", Reason.REFUSED, "it is bad", NOON));
        PipelineResult run = pipeline.run();
        assertThat(counters(run, "plays"), is(Map.of("delivered", 1L, "in_flight", -1L)));
        assertThat(
                counters(run, "profiles"),
                is(Map.of("delivered", 2L, "dead_lettered", 1L, "dead_lettered_by.refused", 1L, "in_flight", -3L)));
    }

    @Test
    public void takesResultsOfItsRoutesAlone() {
        results(List.of(result("others", "a"))).apply(WriteRoutes.of(ROUTES));

        Exception failure = assertThrows(Exception.class, pipeline::run);

        assertThat(
                failure.getCause().getMessage(),
                is("event must be of one of the routes [plays, profiles], but was c/plays:0:97;others;0"));
    }

    @Test
    public void refusesWhatItCannotWrite() {
        PCollection<List<Event>> results = results(List.of(result("plays", "a")));
        RouteWriter parked = new RouteWriter(context("plays"), PickySink::new, InFlight.DEFAULT, OnSlow.PARK);

        IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> WriteRoutes.of(List.of()));
        IllegalArgumentException noParking = assertThrows(
                IllegalArgumentException.class, () -> results.apply("parked", WriteRoutes.of(List.of(parked))));
        IllegalArgumentException windowed = assertThrows(
                IllegalArgumentException.class,
                () -> results.apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))))
                        .apply("windowed", WriteRoutes.of(ROUTES)));

        assertThat(none.getMessage(), is("routes must not be empty"));
        assertThat(noParking.getMessage(), is("parking must be given where route plays is to be parked"));
        assertThat(windowed.getMessage().startsWith("events must be in the global window, but were in "), is(true));
        pipeline.enableAbandonedNodeEnforcement(false); // what was refused cannot run
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private PCollection<List<Event>> results(List<Event>... ofEvents) {
        TestStream.Builder<List<Event>> stream = TestStream.create(ListCoder.of(EventCoder.of()));
        for (List<Event> ofEvent : ofEvents) { // a bundle each
            stream = stream.advanceWatermarkTo(NOON).addElements(TimestampedValue.of(ofEvent, NOON));
        }
        return pipeline.apply(stream.advanceWatermarkToInfinity());
    }

    private static Event result(String route, String value) {
        return Event.of(
                ResultId.of(new Origin("c/plays", 0, value.hashCode())).madeBy(route),
                null,
                value.getBytes(UTF_8),
                Headers.empty());
    }

    private static RouteWriter route(String name) {
        return new RouteWriter(context(name), PickySink::new, InFlight.DEFAULT, OnSlow.BLOCK);
    }

    private static SinkContext context(String route) {
        return new SinkContext(new Run("plays", "", "run-1", 0), route, false);
    }

    private static Map<String, Long> counters(PipelineResult run, String route) {
        Map<String, Long> counters = new TreeMap<>();
        run.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.inNamespace(RouteMetrics.namespace("plays", route)))
                        .build())
                .getCounters()
                .forEach(counter -> counters.put(counter.getName().getName(), counter.getCommitted()));
        return counters;
    }

    /** A sink that refuses what is bad. */
    private static final class PickySink implements EventWriter {
        @Override
        public Map<Integer, RefusedException> write(List<TimedEvent> events) {
            Map<Integer, RefusedException> refused = new HashMap<>();
            for (int position = 0; position < events.size(); position++) {
                if (new String(events.get(position).event().value(), UTF_8).equals("bad")) {
                    refused.put(position, new RefusedException(Reason.REFUSED, "it is bad"));
                }
            }
            return refused;
        }

        @Override
        public void close() {}
    }
}
