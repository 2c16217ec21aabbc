package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.HALF_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static io.millrace.transforms.joiner.TwoStreams.texts;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.Rule;
import org.junit.Test;

/** Which impressions a play is given, and when. */
public class JoinStreamsTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final org.joda.time.Duration MINUTE = org.joda.time.Duration.standardMinutes(1);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private TwoStreams streams(TestStream<String> stream) {
        return new TwoStreams(pipeline, stream);
    }

    @Test
    public void eachPlayIsGivenTheImpressionsBeforeItWhicheverCameFirst() {
        TwoStreams streams = streams(timeline()
                .at(TWO_PAST, "play a p2")
                .at(FIVE_PAST, "imp a i5", "play b p5")
                .at(ONE_PAST, "imp a i1", "imp b i1")
                .at(NOON, "imp a i0")
                .at(FIVE_PAST, "play a p5")
                .at(TEN_PAST, "imp a i10", "play c p10")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(streams.join().withRightLookback(Duration.ofMinutes(4)));

        PAssert.that(texts(joined))
                .containsInAnyOrder("a p2 [i0, i1] at 12:02", "a p5 [i1, i5] at 12:05", "b p5 [i1] at 12:05");
        PAssert.that(joined.unmatchedLeft()).empty();
        PAssert.that(joined.unmatchedRight()).empty();
        PAssert.that(joined.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void anImpressionAtTheBoundIsGivenAndOneAMillisecondBeyondIsNot() {
        TwoStreams streams = streams(timeline()
                .at(NOON.minusMillis(1), "imp a tooEarly")
                .at(NOON, "imp a first")
                .at(FIVE_PAST, "imp a last", "play a p5")
                .at(FIVE_PAST.plusMillis(1), "imp a tooLate")
                .toTheEnd());

        PAssert.that(texts(streams.impressions().apply(streams.join().withRightLookback(FIVE_MINUTES))))
                .containsInAnyOrder("a p5 [first, last] at 12:05");
        pipeline.run();
    }

    @Test
    public void theShorterOfWhatTheTwoSidesSayCounts() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .at(ONE_PAST, "imp a i1")
                .at(TWO_PAST, "play a p2", "imp a i2")
                .at(FIVE_PAST, "imp a i5")
                .toTheEnd());
        JoinStreams<String, String, String, List<String>, String> join = streams.join();

        PAssert.that(texts(streams.impressions()
                        .apply(
                                "left",
                                join.withLeftWait(ONE_MINUTE)
                                        .withRightLookback(FIVE_MINUTES)
                                        .withRightWait(Duration.ZERO)
                                        .withLeftLookback(FIVE_MINUTES))))
                .containsInAnyOrder("a p2 [i1, i2] at 12:02");
        PAssert.that(texts(streams.impressions()
                        .apply(
                                "right",
                                join.withLeftWait(FIVE_MINUTES)
                                        .withRightLookback(Duration.ofMinutes(2))
                                        .withRightWait(FIVE_MINUTES)
                                        .withLeftLookback(Duration.ofMinutes(3)))))
                .containsInAnyOrder("a p2 [i0, i1, i2, i5] at 12:02");
        pipeline.run();
    }

    @Test
    public void aPlayWaitsForImpressionsThatAreBehindIt() {
        TwoStreams streams = streams(timeline()
                .at(TWO_PAST, "play a p2")
                .at(ONE_PAST, "imp a i1")
                .watermarkTo(FIVE_PAST)
                .at(FIVE_PAST, "imp a i5")
                .at(FIVE_PAST.plusMillis(1), "imp a tooLate")
                .watermarkTo(TEN_PAST)
                .toTheEnd());

        PAssert.that(texts(streams.impressions()
                        .apply(streams.join().withLeftWait(ONE_MINUTE).withRightWait(Duration.ofMinutes(3)))))
                .containsInAnyOrder("a p2 [i1, i5] at 12:02");
        pipeline.run();
    }

    @Test
    public void twoPlaysShareImpressionsUnlessTheseAreCreditedOnce() {
        TwoStreams streams = streams(timeline()
                .at(FIVE_PAST, "play a p5")
                .at(TWO_PAST, "play a p2")
                .at(ONE_PAST, "imp a i1")
                .at(NOON, "imp a i0")
                .at(FIVE_PAST, "imp a i5")
                .at(TEN_PAST, "play a p10")
                .toTheEnd());
        JoinStreams<String, String, String, List<String>, String> join =
                streams.join().withLeftWait(FIVE_MINUTES);

        PAssert.that(texts(streams.impressions().apply("shared", join)))
                .containsInAnyOrder("a p2 [i0, i1] at 12:02", "a p5 [i0, i1, i5] at 12:05", "a p10 [i5] at 12:10");
        PAssert.that(texts(streams.impressions().apply("once", join.creditingEachLeftOnce())))
                .containsInAnyOrder("a p2 [i0, i1] at 12:02", "a p5 [i5] at 12:05");
        pipeline.run();
    }

    @Test
    public void aResultIsOnTimeInItsWindowBehindTheJoin() {
        TwoStreams streams = streams(timeline()
                .at(TWO_PAST, "play a p2")
                .watermarkTo(TWO_PAST)
                .at(TWO_PAST, "imp a i2")
                .watermarkTo(HALF_PAST)
                .toTheEnd());

        assertOnTimeIn(TWO_PAST, "a p2 [i2] at 12:02", streams, streams.join().withLeftWait(ONE_MINUTE));
    }

    @Test
    public void soIsOneThatHasWaited() {
        TwoStreams streams = streams(timeline()
                .at(TWO_PAST, "play a p2")
                .watermarkTo(FIVE_PAST)
                .at(FIVE_PAST, "imp a i5")
                .watermarkTo(TEN_PAST)
                .watermarkTo(HALF_PAST)
                .toTheEnd());
        JoinStreams<String, String, String, List<String>, String> join =
                streams.join().withLeftWait(ONE_MINUTE).withRightWait(FIVE_MINUTES);

        assertOnTimeIn(TWO_PAST, "a p2 [i5] at 12:02", streams, join);
    }

    private void assertOnTimeIn(
            Instant start,
            String text,
            TwoStreams streams,
            JoinStreams<String, String, String, List<String>, String> join) {
        PCollection<KV<String, Long>> windowed = texts(streams.impressions().apply(join))
                .apply(Window.into(FixedWindows.of(MINUTE)))
                .apply(Count.perElement());

        PAssert.that(windowed)
                .inOnTimePane(new IntervalWindow(joda(start), MINUTE))
                .containsInAnyOrder(KV.of(text, 1L));
        PAssert.that(windowed).containsInAnyOrder(KV.of(text, 1L));
        pipeline.run();
    }

    @Test
    public void windowsOfTheInputsDoNotCount() {
        TwoStreams streams = streams(
                timeline().at(NOON, "imp a i0").at(FIVE_PAST, "play a p5").toTheEnd());
        PCollection<KV<String, String>> plays =
                streams.plays().apply("plays", Window.into(FixedWindows.of(MINUTE.multipliedBy(2))));
        PCollection<KV<String, String>> impressions =
                streams.impressions().apply("impressions", Window.into(FixedWindows.of(MINUTE)));

        PAssert.that(texts(impressions.apply(
                        JoinStreams.<String, String, String>with(plays).withRightLookback(FIVE_MINUTES))))
                .inWindow(GlobalWindow.INSTANCE)
                .containsInAnyOrder("a p5 [i0] at 12:05");
        pipeline.run();
    }

    @Test
    public void boundedInputGivesTheSameAsAStream() {
        TwoStreams streams = new TwoStreams(
                pipeline,
                Create.timestamped(
                        TimestampedValue.of("play a p2", joda(TWO_PAST)),
                        TimestampedValue.of("play a p5", joda(FIVE_PAST)),
                        TimestampedValue.of("imp a i5", joda(FIVE_PAST)),
                        TimestampedValue.of("play b p5", joda(FIVE_PAST)),
                        TimestampedValue.of("imp a i1", joda(ONE_PAST)),
                        TimestampedValue.of("imp b i1", joda(ONE_PAST)),
                        TimestampedValue.of("imp a i0", joda(NOON))));

        PAssert.that(texts(streams.impressions().apply(streams.join().withRightLookback(Duration.ofMinutes(4)))))
                .containsInAnyOrder("a p2 [i0, i1] at 12:02", "a p5 [i1, i5] at 12:05", "b p5 [i1] at 12:05");
        pipeline.run();
    }

    @Test
    public void elementsAtBothEndsOfTimeAreJoined() {
        Instant first =
                Instant.ofEpochMilli(BoundedWindow.TIMESTAMP_MIN_VALUE.plus(1).getMillis());
        Instant last = Instant.ofEpochMilli(
                GlobalWindow.INSTANCE.maxTimestamp().minus(1).getMillis());
        TwoStreams streams = streams(timeline()
                .at(last, "imp a last")
                .at(first, "imp a first")
                .at(last, "play a last")
                .at(first, "play a first")
                .watermarkTo(NOON)
                .toTheEnd());

        PAssert.that(streams.impressions()
                        .apply(streams.join().withLeftWait(ONE_MINUTE))
                        .joined())
                .containsInAnyOrder(
                        KV.of("a", new Joined<>(List.of("first"), "first", Joined.Stage.COMPLETE)),
                        KV.of("a", new Joined<>(List.of("last"), "last", Joined.Stage.COMPLETE)));
        pipeline.run();
    }

    /** Flink skips its own timer for the end of a global window only then. */
    @Test
    public void nothingIsSetForTheEndOfTimeThatEveryKeyWouldKeep() {
        assertThat(DoFnSignatures.getSignature(JoinFn.class).onWindowExpiration() == null, is(true));
    }
}
