package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.HALF_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static io.millrace.transforms.joiner.TwoStreams.leftTexts;
import static io.millrace.transforms.joiner.TwoStreams.rightTexts;
import static io.millrace.transforms.joiner.TwoStreams.texts;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Counters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.Rule;
import org.junit.Test;

/** What comes out besides what is joined when it is complete: what found no partner, and results that leave on match. */
public class JoinStreamsOutputsTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private TwoStreams streams(TestStream<String> stream) {
        return new TwoStreams(pipeline, stream);
    }

    /** Of the key a, one of each side is joined and one is not; b and c have one side only. */
    private TwoStreams withUnmatched() {
        return streams(timeline()
                .at(TEN_PAST, "play a p10")
                .at(NOON, "imp a i0", "imp b i0")
                .at(ONE_PAST, "play a p1", "play c p1")
                .at(TWO_PAST, "imp a i2")
                .watermarkTo(HALF_PAST)
                .toTheEnd());
    }

    private JoinedStreams<String, String, String, List<String>, String> withJoinType(JoinType type) {
        TwoStreams streams = withUnmatched();
        return streams.impressions()
                .apply(streams.join().withRightLookback(FIVE_MINUTES).withJoinType(type));
    }

    @Test
    public void anInnerJoinGivesOutNothingElse() {
        JoinedStreams<String, String, String, List<String>, String> joined = withJoinType(JoinType.INNER);

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i0] at 12:01");
        PAssert.that(joined.unmatchedLeft()).empty();
        PAssert.that(joined.unmatchedRight()).empty();
        pipeline.run();
    }

    @Test
    public void aLeftJoinGivesOutImpressionsWhenNoPlayCanComeForThem() {
        JoinedStreams<String, String, String, List<String>, String> joined = withJoinType(JoinType.LEFT_OUTER);

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i0] at 12:01");
        PAssert.that(leftTexts(joined))
                .containsInAnyOrder("a [i2] of 12:02 at 12:07:00.001", "b [i0] of 12:00 at 12:05:00.001");
        PAssert.that(joined.unmatchedRight()).empty();
        pipeline.run();
    }

    @Test
    public void aRightJoinGivesOutPlaysAtTheirTimes() {
        JoinedStreams<String, String, String, List<String>, String> joined = withJoinType(JoinType.RIGHT_OUTER);

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i0] at 12:01");
        PAssert.that(joined.unmatchedLeft()).empty();
        PAssert.that(rightTexts(joined)).containsInAnyOrder("a p10 at 12:10", "c p1 at 12:01");
        pipeline.run();
    }

    @Test
    public void aFullJoinGivesOutBoth() {
        JoinedStreams<String, String, String, List<String>, String> joined = withJoinType(JoinType.FULL_OUTER);

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i0] at 12:01");
        PAssert.that(leftTexts(joined))
                .containsInAnyOrder("a [i2] of 12:02 at 12:07:00.001", "b [i0] of 12:00 at 12:05:00.001");
        PAssert.that(rightTexts(joined)).containsInAnyOrder("a p10 at 12:10", "c p1 at 12:01");
        pipeline.run();
    }

    @Test
    public void whatIsUnmatchedIsOnTimeInItsWindowBehindTheJoin() {
        JoinedStreams<String, String, String, List<String>, String> joined = withJoinType(JoinType.FULL_OUTER);

        assertOnTime(
                "b [i0] of 12:00 at 12:05:00.001", new IntervalWindow(joda(FIVE_PAST), minute()), leftTexts(joined));
        assertOnTime("a p10 at 12:10", new IntervalWindow(joda(TEN_PAST), minute()), rightTexts(joined));
        pipeline.run();
    }

    private static void assertOnTime(String text, IntervalWindow window, PCollection<String> texts) {
        PCollection<KV<String, Long>> windowed = texts.apply(
                        "Windows of " + texts.getName(), Window.into(FixedWindows.of(minute())))
                .apply("Count of " + texts.getName(), Count.perElement());

        PAssert.that(windowed).inOnTimePane(window).containsInAnyOrder(KV.of(text, 1L));
    }

    private static org.joda.time.Duration minute() {
        return org.joda.time.Duration.standardMinutes(1);
    }

    @Test
    public void anImpressionThatWasNotCreditedIsUnmatchedThoughItWasInBounds() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .at(ONE_PAST, "imp a i1", "play a p1")
                .at(TWO_PAST, "play a p2")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join()
                        .withLeftWait(FIVE_MINUTES)
                        .withAttribution(Attribution.last())
                        .withJoinType(JoinType.FULL_OUTER));

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i1] at 12:01", "a p2 [i1] at 12:02");
        PAssert.that(leftTexts(joined)).containsInAnyOrder("a [i0] of 12:00 at 12:05:00.001");
        PAssert.that(joined.unmatchedRight()).empty();
        pipeline.run();
    }

    @Test
    public void onMatchAResultLeavesAndIsCorrectedWhenItIsCompleteIfItHasChanged() {
        TwoStreams streams = streams(timeline()
                .at(FIVE_PAST, "play a p5", "play b p5", "play c p5")
                .at(TWO_PAST, "imp a i2")
                .at(ONE_PAST, "imp a i1", "imp b i1")
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join()
                        .withLeftWait(FIVE_MINUTES)
                        .withJoinType(JoinType.RIGHT_OUTER)
                        .emittingOnMatch()
                        .named("onMatch"));

        PAssert.that(texts(joined))
                .containsInAnyOrder(
                        "a p5 [i2] at 12:05 early", "a p5 [i1, i2] at 12:05 corrected", "b p5 [i1] at 12:05 early");
        PAssert.that(rightTexts(joined)).containsInAnyOrder("c p5 at 12:05");
        assertThat(Counters.of(pipeline.run(), "onMatch"), is(Map.of("join_corrections", 1L)));
    }

    @Test
    public void onMatchAPlayThatFindsItsImpressionLeavesAtOnce() {
        TwoStreams streams = streams(timeline()
                .at(ONE_PAST, "imp a i1")
                .at(TWO_PAST, "play a p2")
                .watermarkTo(FIVE_PAST)
                .at(FIVE_PAST, "imp a i5")
                .at(FIVE_PAST, "play a p5")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join().withLeftWait(FIVE_MINUTES).emittingOnMatch());

        PAssert.that(texts(joined)).containsInAnyOrder("a p2 [i1] at 12:02 early", "a p5 [i1, i5] at 12:05 early");
        pipeline.run();
    }

    @Test
    public void anAttributionThatChangesItsMindTakesAMatchBack() {
        TwoStreams streams = streams(timeline()
                .at(FIVE_PAST, "play a p5")
                .at(ONE_PAST, "imp a i1")
                .at(TWO_PAST, "imp a i2")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join()
                        .withLeftWait(FIVE_MINUTES)
                        .withAttribution((right, lefts) -> lefts.size() == 1 ? lefts : List.of())
                        .withJoinType(JoinType.FULL_OUTER)
                        .emittingOnMatch());

        PAssert.that(texts(joined)).containsInAnyOrder("a p5 [i1] at 12:05 early", "a p5 [] at 12:05 taken back");
        PAssert.that(leftTexts(joined))
                .containsInAnyOrder("a [i1] of 12:01 at 12:06:00.001", "a [i2] of 12:02 at 12:07:00.001");
        PAssert.that(joined.unmatchedRight()).empty();
        pipeline.run();
    }

    @Test
    public void aResultThatLeavesOnMatchIsOnTimeInItsWindow() {
        TwoStreams streams = streams(timeline()
                .at(TWO_PAST, "play a p2")
                .watermarkTo(FIVE_PAST)
                .at(FIVE_PAST, "imp a i5")
                .watermarkTo(HALF_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join()
                        .withLeftWait(ONE_MINUTE)
                        .withRightWait(FIVE_MINUTES)
                        .emittingOnMatch());

        assertOnTime("a p2 [i5] at 12:02 early", new IntervalWindow(joda(TWO_PAST), minute()), texts(joined));
        pipeline.run();
    }
}
