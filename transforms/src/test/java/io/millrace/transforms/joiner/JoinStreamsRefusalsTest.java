package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static io.millrace.transforms.joiner.TwoStreams.texts;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Counters;
import io.millrace.transforms.joiner.Refused.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.Rule;
import org.junit.Test;

/** What a join does not take in: duplicates, and dead letters. */
public class JoinStreamsRefusalsTest {
    private static final String NO_TIME =
            "the element has no event time, but the first or the last moment that there is";

    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final String TWO_IS_LATE = "the watermark, 2026-01-01T12:05:00.000Z, had passed its time,"
            + " 2026-01-01T12:02:00.000Z, by more than the allowed lateness of PT0S";

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private TwoStreams streams(TestStream<String> stream) {
        return new TwoStreams(pipeline, stream);
    }

    private static KV<String, Refused<String, String>> impression(String value, Reason reason, String message) {
        return KV.of("a", new Refused<>(value, null, reason, message));
    }

    private static KV<String, Refused<String, String>> play(String value, Reason reason, String message) {
        return KV.of("a", new Refused<>(null, value, reason, message));
    }

    @Test
    public void duplicatesAreDropped() {
        TwoStreams streams = streams(timeline()
                .at(ONE_PAST, "imp a i", "imp a i", "imp a other", "imp b i")
                .at(TWO_PAST, "play a p", "play a p", "play b p")
                .watermarkTo(ONE_PAST)
                .at(TWO_PAST, "play b p")
                .at(ONE_PAST, "imp b i")
                .watermarkTo(TEN_PAST)
                .toTheEnd());

        PAssert.that(texts(streams.impressions().apply(withIds(streams).named("duplicates"))))
                .containsInAnyOrder("a p [i, other] at 12:02", "b p [i] at 12:02");
        assertThat(Counters.of(pipeline.run(), "duplicates"), is(Map.of("join_duplicates", 4L)));
    }

    private static JoinStreams<String, String, String, List<String>, String> withIds(TwoStreams streams) {
        return streams.join()
                .withLeftWait(FIVE_MINUTES)
                .withLeftId(impression -> impression)
                .withRightId(play -> play);
    }

    @Test
    public void theSameIdAtAnotherTimeIsNoDuplicateAndWithoutIdsNothingIs() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i")
                .at(ONE_PAST, "imp a i", "imp a i", "play a p")
                .at(TWO_PAST, "play a p")
                .toTheEnd());

        PAssert.that(texts(streams.impressions().apply("ids", withIds(streams))))
                .containsInAnyOrder("a p [i, i] at 12:01", "a p [i, i] at 12:02");
        PAssert.that(texts(streams.impressions().apply("noIds", streams.join().withLeftWait(FIVE_MINUTES))))
                .containsInAnyOrder("a p [i, i, i] at 12:01", "a p [i, i, i] at 12:02");
        pipeline.run();
    }

    @Test
    public void aDuplicateThatComesAfterTheMatchChangesNothing() {
        TwoStreams streams = streams(timeline()
                .at(ONE_PAST, "imp a i")
                .at(TWO_PAST, "play a p")
                .at(ONE_PAST, "imp a i")
                .at(TWO_PAST, "play a p")
                .watermarkTo(FIVE_PAST)
                .at(ONE_PAST, "imp a i")
                .at(TWO_PAST, "play a p")
                .at(FIVE_PAST, "play a p5")
                .toTheEnd());
        JoinStreams<String, String, String, List<String>, String> join = withIds(streams)
                .withAllowedLateness(Duration.ofMinutes(4))
                .emittingOnMatch()
                .named("after");

        PAssert.that(texts(streams.impressions().apply(join)))
                .containsInAnyOrder("a p [i] at 12:02 early", "a p5 [i] at 12:05 early");
        assertThat(Counters.of(pipeline.run(), "after"), is(Map.of("join_duplicates", 4L)));
    }

    @Test
    public void whatIsCreditedOnceIsNotCreditedToAnotherWithItsDuplicate() {
        TwoStreams streams = streams(timeline()
                .at(ONE_PAST, "imp a i")
                .at(TWO_PAST, "play a p2")
                .at(FIVE_PAST, "play a p5")
                .watermarkTo(TWO_PAST)
                .watermarkTo(FIVE_PAST)
                .at(ONE_PAST, "imp a i")
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        JoinStreams<String, String, String, List<String>, String> join = withIds(streams)
                .withAllowedLateness(Duration.ofMinutes(4))
                .withJoinType(JoinType.FULL_OUTER)
                .creditingEachLeftOnce();
        JoinedStreams<String, String, String, List<String>, String> joined =
                streams.impressions().apply(join);

        PAssert.that(texts(joined)).containsInAnyOrder("a p2 [i] at 12:02");
        PAssert.that(TwoStreams.rightTexts(joined)).containsInAnyOrder("a p5 at 12:05");
        PAssert.that(joined.unmatchedLeft()).empty();
        PAssert.that(joined.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void lateElementsOfEitherSideAreDeadLettersAndTheOthersGoOn() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .watermarkTo(FIVE_PAST)
                .at(TWO_PAST, "imp a i2", "play a p2")
                .at(FIVE_PAST, "imp a i5", "play a p5")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join().withLeftWait(FIVE_MINUTES).named("late"));

        PAssert.that(texts(joined)).containsInAnyOrder("a p5 [i0, i5] at 12:05");
        PAssert.that(joined.deadLetters())
                .containsInAnyOrder(impression("i2", Reason.LATE, TWO_IS_LATE), play("p2", Reason.LATE, TWO_IS_LATE));
        assertThat(Counters.of(pipeline.run(), "late"), is(Map.of("join_late", 2L)));
    }

    @Test
    public void withinTheAllowedLatenessTheyAreJoined() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .at(ONE_PAST, "play a p1")
                .watermarkTo(FIVE_PAST)
                .at(TWO_PAST, "play a p2")
                .at(ONE_PAST, "imp a i1")
                .at(ONE_PAST.minusMillis(1), "imp a late")
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join().withLeftWait(FIVE_MINUTES).withAllowedLateness(Duration.ofMinutes(4)));

        PAssert.that(texts(joined)).containsInAnyOrder("a p1 [i0, i1] at 12:01", "a p2 [i0, i1] at 12:02");
        PAssert.that(joined.deadLetters())
                .containsInAnyOrder(impression(
                        "late",
                        Reason.LATE,
                        "the watermark, 2026-01-01T12:05:00.000Z, had passed its time, 2026-01-01T12:00:59.999Z,"
                                + " by more than the allowed lateness of PT4M"));
        pipeline.run();
    }

    @Test
    public void elementsWithoutATimeAreDeadLettersAndTheOthersGoOn() {
        TwoStreams streams = new TwoStreams(
                pipeline,
                Create.timestamped(
                        TimestampedValue.of("imp a good", joda(NOON)),
                        TimestampedValue.of("imp a poison", BoundedWindow.TIMESTAMP_MIN_VALUE),
                        TimestampedValue.of("play a good", joda(NOON)),
                        TimestampedValue.of("play a poison", GlobalWindow.INSTANCE.maxTimestamp()),
                        TimestampedValue.of("imp a goodToo", joda(NOON))));
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join().withLeftWait(FIVE_MINUTES).named("time"));

        PAssert.that(texts(joined)).containsInAnyOrder("a good [good, goodToo] at 12:00");
        PAssert.that(joined.deadLetters())
                .containsInAnyOrder(
                        impression("poison", Reason.NO_TIME, NO_TIME), play("poison", Reason.NO_TIME, NO_TIME));
        assertThat(Counters.of(pipeline.run(), "time"), is(Map.of("join_without_time", 2L)));
    }

    @Test
    public void overTheLimitOfEntriesElementsAreDeadLettersUntilTimeHasPassed() {
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a i0")
                .at(ONE_PAST, "imp a i1", "imp b i1")
                .at(TWO_PAST, "imp a over")
                .at(TWO_PAST, "play a over")
                .watermarkTo(FIVE_PAST.plusMillis(1))
                .at(FIVE_PAST.plusMillis(1), "play a room", "play b room")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join()
                        .withLeftWait(FIVE_MINUTES)
                        .withKeyLimit(2, 1_234)
                        .named("limit"));
        String message = "of a key at most 2 elements and 1,234 bytes may be kept";

        PAssert.that(texts(joined)).containsInAnyOrder("a room [i1] at 12:05:00.001", "b room [i1] at 12:05:00.001");
        PAssert.that(joined.deadLetters())
                .containsInAnyOrder(
                        impression("over", Reason.OVER_LIMIT, message), play("over", Reason.OVER_LIMIT, message));
        assertThat(Counters.of(pipeline.run(), "limit"), is(Map.of("join_over_limit", 2L)));
    }

    @Test
    public void soTheyAreOverTheLimitOfBytes() {
        String long40 = "0123456789".repeat(4);
        TwoStreams streams = streams(timeline()
                .at(NOON, "imp a " + long40)
                .at(ONE_PAST, "imp a over-" + long40)
                .at(TWO_PAST, "imp a i2")
                .watermarkTo(FIVE_PAST.plusMillis(1))
                .at(TEN_PAST, "imp a room-" + long40)
                .at(TEN_PAST, "play a p")
                .toTheEnd());
        JoinedStreams<String, String, String, List<String>, String> joined = streams.impressions()
                .apply(streams.join().withLeftWait(FIVE_MINUTES).withKeyLimit(100, 80));

        PAssert.that(texts(joined)).containsInAnyOrder("a p [room-" + long40 + "] at 12:10");
        PAssert.that(joined.deadLetters())
                .containsInAnyOrder(impression(
                        "over-" + long40, Reason.OVER_LIMIT, "of a key at most 100 elements and 80 bytes may be kept"));
        pipeline.run();
    }
}
