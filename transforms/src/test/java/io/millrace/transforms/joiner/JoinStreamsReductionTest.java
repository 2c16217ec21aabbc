package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.HALF_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.transforms.joiner.TwoStreams.leftTexts;
import static io.millrace.transforms.joiner.TwoStreams.rightTexts;
import static io.millrace.transforms.joiner.TwoStreams.texts;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** Which of the impressions within its bounds a play is credited with, and what is made of them. */
public class JoinStreamsReductionTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private TwoStreams streams(TestStream<String> stream) {
        return new TwoStreams(pipeline, stream);
    }

    /** Three impressions out of order, and a play of each of two keys. */
    private TwoStreams threeImpressions() {
        return streams(timeline()
                .at(TWO_PAST, "imp a i2")
                .at(FIVE_PAST, "play a p5", "play b p5")
                .at(NOON, "imp a i0")
                .at(ONE_PAST, "imp a i1")
                .watermarkTo(HALF_PAST)
                .toTheEnd());
    }

    private static JoinStreams<String, String, String, List<String>, String> join(TwoStreams streams) {
        return streams.join().withLeftWait(FIVE_MINUTES).withJoinType(JoinType.FULL_OUTER);
    }

    @Test
    public void theFirstTheLastOrAllAreCredited() {
        TwoStreams streams = threeImpressions();
        JoinStreams<String, String, String, List<String>, String> join = join(streams);

        PAssert.that(texts(streams.impressions().apply("first", join.withAttribution(Attribution.first()))))
                .containsInAnyOrder("a p5 [i0] at 12:05");
        PAssert.that(texts(streams.impressions().apply("last", join.withAttribution(Attribution.last()))))
                .containsInAnyOrder("a p5 [i2] at 12:05");
        PAssert.that(texts(streams.impressions().apply("all", join.withAttribution(Attribution.all()))))
                .containsInAnyOrder("a p5 [i0, i1, i2] at 12:05");
        pipeline.run();
    }

    @Test
    public void anAttributionOfOnesOwnSeesTimesAndWhatIsReduced() {
        TwoStreams streams = threeImpressions();
        Instant limit = Instant.ofEpochMilli(ONE_PAST.toEpochMilli());
        JoinedStreams<String, String, String, String, String> joined = streams.impressions()
                .apply(join(streams)
                        .reduceLeft(new CountFirstLast())
                        .withAttribution((play, impressions) -> impressions.stream()
                                .filter(one -> one.getTimestamp().isBefore(limit)
                                        || one.getValue().equals("1: i2 to i2")
                                                && play.getValue().equals("p5"))
                                .toList()));

        PAssert.that(texts(joined)).containsInAnyOrder("a p5 2: i0 to i2 at 12:05");
        PAssert.that(leftTexts(joined)).containsInAnyOrder("a 1: i1 to i1 of 12:01 at 12:06:00.001");
        pipeline.run();
    }

    @Test
    public void anAttributionThatCreditsNoneLeavesAllUnmatched() {
        TwoStreams streams = threeImpressions();
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(join(streams).withAttribution((play, impressions) -> List.of()));

        PAssert.that(joined.joined()).empty();
        PAssert.that(leftTexts(joined))
                .containsInAnyOrder(
                        "a [i0] of 12:00 at 12:05:00.001",
                        "a [i1] of 12:01 at 12:06:00.001",
                        "a [i2] of 12:02 at 12:07:00.001");
        PAssert.that(rightTexts(joined)).containsInAnyOrder("a p5 at 12:05", "b p5 at 12:05");
        pipeline.run();
    }

    @Test
    public void anAttributionThatGivesWhatIsNoCandidateFails() {
        assertFails(
                "attribution must give some of the candidates, each once, but gave"
                        + " TimestampedValue([i0], 2026-01-01T12:00:00.000Z)",
                (play, impressions) -> List.of(TimestampedValue.of(
                        impressions.get(0).getValue(), impressions.get(0).getTimestamp())));
    }

    @Test
    public void anAttributionThatGivesACandidateTwiceFails() {
        assertFails(
                "attribution must give some of the candidates, each once, but gave"
                        + " TimestampedValue([i1], 2026-01-01T12:01:00.000Z)",
                (play, impressions) -> List.of(impressions.get(0), impressions.get(1), impressions.get(1)));
    }

    private void assertFails(String message, Attribution<List<String>, String> attribution) {
        TwoStreams streams = threeImpressions();
        streams.impressions().apply(join(streams).withAttribution(attribution));

        PipelineExecutionException failure = assertThrows(PipelineExecutionException.class, pipeline::run);
        assertThat(failure.getCause().getClass(), is(IllegalStateException.class));
        assertThat(failure.getCause().getMessage(), is(message));
    }

    @Test
    public void impressionsAreReducedInTheOrderOfTheirTimes() {
        TwoStreams streams = threeImpressions();
        JoinStreams<String, String, String, List<String>, String> join = join(streams);

        JoinedStreams<String, String, String, Long, String> counted =
                streams.impressions().apply("count", join.reduceLeft(Count.combineFn()));
        PAssert.that(texts(counted)).containsInAnyOrder("a p5 3 at 12:05");
        PAssert.that(rightTexts(counted)).containsInAnyOrder("b p5 at 12:05");
        PAssert.that(texts(streams.impressions().apply("ends", join.reduceLeft(new CountFirstLast()))))
                .containsInAnyOrder("a p5 3: i0 to i2 at 12:05");
        pipeline.run();
    }

    @Test
    public void playsAreReducedOneByOne() {
        TwoStreams streams = threeImpressions();
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(join(streams).reduceRight(new CountFirstLast()));

        PAssert.that(texts(joined)).containsInAnyOrder("a 1: p5 to p5 [i0, i1, i2] at 12:05");
        PAssert.that(rightTexts(joined)).containsInAnyOrder("b 1: p5 to p5 at 12:05");
        pipeline.run();
    }

    /** 12:00:40 is within five minutes of 12:05:30, but the beginning of its minute is not. */
    @Test
    public void withAGranuleAPlayLooksBackToItsBeginning() {
        TwoStreams streams = streams(timeline()
                .at(NOON.plusSeconds(40), "imp a outside")
                .at(ONE_PAST.plusSeconds(10), "imp a i1")
                .at(ONE_PAST.plusSeconds(50), "imp a i1too")
                .at(TWO_PAST, "imp a i2")
                .watermarkTo(FIVE_PAST)
                .at(FIVE_PAST.plusSeconds(30), "play a p5")
                .at(FIVE_PAST.plusSeconds(20), "imp a i5")
                .at(FIVE_PAST.plusSeconds(40), "imp a behind")
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, String, String> joined = streams.impressions()
                .apply(join(streams).withJoinType(JoinType.INNER).reduceLeft(new CountFirstLast(), ONE_MINUTE));

        PAssert.that(texts(joined)).containsInAnyOrder("a p5 4: i1 to i5 at 12:05:30");
        pipeline.run();
    }

    @Test
    public void impressionsOfAGranuleThatWereMergedAreUnmatchedAsOne() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .at(NOON.plusSeconds(20), "imp a i20", "play a p20")
                .at(NOON.plusSeconds(40), "imp a i40")
                .at(NOON.plusSeconds(50), "imp a i50")
                .watermarkTo(TWO_PAST)
                .at(TWO_PAST, "imp b i2")
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, String, String> joined =
                streams.impressions().apply(join(streams).reduceLeft(new CountFirstLast(), ONE_MINUTE));

        PAssert.that(texts(joined)).containsInAnyOrder("a p20 2: i0 to i20 at 12:00:20");
        PAssert.that(leftTexts(joined))
                .containsInAnyOrder(
                        "a 2: i40 to i50 of 12:00:40 at 12:05:00.001", "b 1: i2 to i2 of 12:02 at 12:07:00.001");
        pipeline.run();
    }

    @Test
    public void playsOfAGranuleAreOneOfTheTimeOfTheEarliest() {
        TwoStreams streams = streams(timeline()
                .at(FIVE_PAST.plusSeconds(40), "play a p40")
                .at(FIVE_PAST.plusSeconds(10), "play a p10")
                .at(FIVE_PAST.plusSeconds(60), "play a p60")
                .at(FIVE_PAST.plusSeconds(20), "imp a behindTheEarliest")
                .at(ONE_PAST, "imp a i1")
                .at(NOON.plusSeconds(10), "imp a i0")
                .watermarkTo(HALF_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(join(streams).reduceRight(new CountFirstLast(), ONE_MINUTE));

        PAssert.that(texts(joined))
                .containsInAnyOrder(
                        "a 2: p10 to p40 [i0, i1] at 12:05:10", "a 1: p60 to p60 [i1, behindTheEarliest] at 12:06");
        pipeline.run();
    }

    @Test
    public void aGranuleOfPlaysIsCompleteAtItsEnd() {
        TwoStreams streams = streams(timeline()
                .at(FIVE_PAST.plusSeconds(10), "play a p10")
                .at(ONE_PAST, "imp a i1")
                .watermarkTo(FIVE_PAST.plusSeconds(40))
                .at(FIVE_PAST.plusSeconds(50), "play a p50")
                .watermarkTo(HALF_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(join(streams).reduceRight(new CountFirstLast(), ONE_MINUTE));

        PAssert.that(texts(joined)).containsInAnyOrder("a 2: p10 to p50 [i1] at 12:05:10");
        pipeline.run();
    }
}
