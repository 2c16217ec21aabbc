package io.millrace.transforms.rate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.Rule;
import org.junit.Test;

public class LimitRateTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void theSameElementsTakeAsLongAsTheRateSays() {
        List<Integer> elements = IntStream.range(0, 150).boxed().toList();
        PCollection<Integer> limited =
                pipeline.apply(Create.of(elements).withCoder(VarIntCoder.of())).apply(LimitRate.of(100));

        PAssert.that(limited).containsInAnyOrder(elements);
        long start = System.nanoTime();
        pipeline.run();
        assertThat(System.nanoTime() - start, greaterThan(TimeUnit.MILLISECONDS.toNanos(1_250)));
    }

    @Test
    public void timestampsWindowsAndPanesPassOn() {
        PCollection<KV<String, Long>> counts = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                        .at(NOON, "a", "b")
                        .at(NOON.plusSeconds(90), "a")
                        .watermarkTo(NOON.plusSeconds(60))
                        .at(NOON.plusSeconds(1), "a")
                        .toTheEnd())
                .apply(Window.<String>into(FixedWindows.of(Duration.standardMinutes(1)))
                        .triggering(AfterWatermark.pastEndOfWindow()
                                .withEarlyFirings(AfterPane.elementCountAtLeast(1))
                                .withLateFirings(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(Duration.standardHours(1))
                        .accumulatingFiredPanes())
                .apply(Count.perElement());

        counts.apply("before", ParDo.of(new PlaceFn<>("before")));
        counts.apply(LimitRate.of(1_000)).apply("after", ParDo.of(new PlaceFn<>("after")));
        pipeline.run();

        assertThat(PlaceFn.places("after"), is(PlaceFn.places("before")));
        assertThat(PlaceFn.places("after"), hasItem(containsString("LATE")));
        assertThat(PlaceFn.places("after"), hasItem(containsString("EARLY")));
    }

    @Test
    public void aRateIsPositive() {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> LimitRate.of(0));

        assertThat(failure.getMessage(), is("perSecond must be above 0, but was 0.0"));
    }

    /** Keeps where elements were, by a name. */
    private static final class PlaceFn<T> extends DoFn<T, Void> {
        private static final long serialVersionUID = 1;
        private static final Map<String, Queue<String>> PLACES = new ConcurrentHashMap<>();

        private final String name;

        PlaceFn(String name) {
            this.name = name;
            PLACES.put(name, new ConcurrentLinkedQueue<>());
        }

        static List<String> places(String name) {
            return PLACES.get(name).stream().sorted().toList();
        }

        @ProcessElement
        public void process(
                @Element T element, @Timestamp org.joda.time.Instant time, BoundedWindow window, PaneInfo pane) {
            PLACES.get(name).add(element + " at " + time + " in " + window + " of " + pane);
        }
    }
}
