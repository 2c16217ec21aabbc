package io.millrace.testfixtures;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.HALF_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_O_CLOCK;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.Assert.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.Rule;
import org.junit.Test;

public class TimelineTest {

    private static final org.joda.time.Duration FIVE_MINUTES = org.joda.time.Duration.standardMinutes(5);

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Test
    public void tellsTheStoryThatItsStepsTell() {
        TestStream<String> told = Timeline.of(StringUtf8Coder.of())
                .at(NOON, "a", "b")
                .watermarkTo(FIVE_PAST)
                .clockForwardBy(Duration.ofMinutes(1))
                .at(ONE_PAST, "c")
                .toTheEnd();
        TestStream<String> same = TestStream.create(StringUtf8Coder.of())
                .addElements(TimestampedValue.of("a", joda(NOON)), TimestampedValue.of("b", joda(NOON)))
                .advanceWatermarkTo(joda(FIVE_PAST))
                .advanceProcessingTime(org.joda.time.Duration.standardMinutes(1))
                .addElements(TimestampedValue.of("c", joda(ONE_PAST)))
                .advanceWatermarkToInfinity();
        assertThat(told, equalTo(same));
    }

    @Test
    public void anElementBehindTheWatermarkIsLate() {
        PCollection<String> plays = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                .at(NOON, "on time", "also on time")
                .watermarkTo(FIVE_PAST)
                .at(ONE_PAST, "too late")
                .at(FIVE_PAST, "on time again")
                .toTheEnd());
        PCollection<Long> counts = plays.apply(Window.<String>into(FixedWindows.of(FIVE_MINUTES))
                        .withAllowedLateness(org.joda.time.Duration.ZERO)
                        .discardingFiredPanes())
                .apply(org.apache.beam.sdk.transforms.Combine.globally(Count.<String>combineFn())
                        .withoutDefaults());
        PAssert.that(counts).inWindow(window(NOON, FIVE_PAST)).containsInAnyOrder(2L);
        PAssert.that(counts).inWindow(window(FIVE_PAST, TEN_PAST)).containsInAnyOrder(1L);
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void theClockMovesOnlyWhenToldTo() {
        PCollection<KV<String, Long>> counts = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                        .at(NOON, "play")
                        .clockForwardBy(Duration.ofMinutes(2))
                        .at(NOON, "play")
                        .at(NOON, "play")
                        .toTheEnd())
                .apply(Window.<String>into(new GlobalWindows())
                        .triggering(Repeatedly.forever(AfterProcessingTime.pastFirstElementInPane()
                                .plusDelayOf(org.joda.time.Duration.standardMinutes(1))))
                        .withAllowedLateness(org.joda.time.Duration.ZERO)
                        .discardingFiredPanes())
                .apply(Count.perElement());
        PAssert.that(counts).containsInAnyOrder(KV.of("play", 1L), KV.of("play", 2L));
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void refusesAWatermarkThatGoesBack() {
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Timeline.of(StringUtf8Coder.of())
                                        .watermarkTo(FIVE_PAST)
                                        .watermarkTo(NOON))
                        .getMessage(),
                equalTo("The watermark must monotonically advance"));
    }

    @Test
    public void theInstantsAreWhatTheyAreCalled() {
        assertThat(NOON, equalTo(Instant.parse("2026-01-01T12:00:00Z")));
        assertThat(ONE_PAST, equalTo(Instant.parse("2026-01-01T12:01:00Z")));
        assertThat(TWO_PAST, equalTo(Instant.parse("2026-01-01T12:02:00Z")));
        assertThat(FIVE_PAST, equalTo(Instant.parse("2026-01-01T12:05:00Z")));
        assertThat(TEN_PAST, equalTo(Instant.parse("2026-01-01T12:10:00Z")));
        assertThat(HALF_PAST, equalTo(Instant.parse("2026-01-01T12:30:00Z")));
        assertThat(ONE_O_CLOCK, equalTo(Instant.parse("2026-01-01T13:00:00Z")));
    }

    private static IntervalWindow window(Instant from, Instant to) {
        return new IntervalWindow(joda(from), joda(to));
    }
}
