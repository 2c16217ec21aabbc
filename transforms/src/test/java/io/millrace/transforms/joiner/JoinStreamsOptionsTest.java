package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.joda;
import static io.millrace.transforms.joiner.TwoStreams.texts;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.BigEndianIntegerCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** What may be said of a join, and what makes no sense. */
public class JoinStreamsOptionsTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private TwoStreams streams;

    private JoinStreams<String, String, String, List<String>, String> join() {
        streams = new TwoStreams(pipeline, timeline().toTheEnd());
        pipeline.enableAbandonedNodeEnforcement(false);
        return streams.join();
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }

    @Test
    public void valuesThatMakeNoSenseAreRefusedAtOnce() {
        JoinStreams<String, String, String, List<String>, String> join = join();

        assertRefused("leftWait must not be negative, but was PT-1S", () -> join.withLeftWait(NEGATIVE));
        assertRefused("leftLookback must not be negative, but was PT-1S", () -> join.withLeftLookback(NEGATIVE));
        assertRefused("rightWait must not be negative, but was PT-1S", () -> join.withRightWait(NEGATIVE));
        assertRefused("rightLookback must not be negative, but was PT-1S", () -> join.withRightLookback(NEGATIVE));
        assertRefused("allowedLateness must not be negative, but was PT-1S", () -> join.withAllowedLateness(NEGATIVE));
        assertRefused(
                "the granule of left elements must be at least a millisecond, or zero for none, but was PT-1S",
                () -> join.reduceLeft(Count.combineFn(), NEGATIVE));
        assertRefused(
                "the granule of right elements must be at least a millisecond, or zero for none, but was PT0.000001S",
                () -> join.reduceRight(Count.combineFn(), Duration.ofNanos(1_000)));
        assertRefused(
                "rightLookback must be at most PT876000H, but was PT876000H0.001S",
                () -> join.withRightLookback(Duration.ofDays(36_500).plusMillis(1)));
        assertRefused("entries of a key must be at least 1, but was 0", () -> join.withKeyLimit(0, 1));
        assertRefused("bytes of a key must be at least 1, but was 0", () -> join.withKeyLimit(1, 0));
        assertRefused("namespace must not be empty", () -> join.named(""));
    }

    @Test
    public void anAttributionOfOnesOwnIsOfWhatIsReduced() {
        JoinStreams<String, String, String, List<String>, String> own = join().withAttribution((right, lefts) -> lefts);
        String message = "withAttribution must come after reduceLeft and reduceRight, whose results it is given";

        assertRefused(message, () -> own.reduceLeft(Count.combineFn()));
        assertRefused(message, () -> own.reduceRight(Count.combineFn()));
    }

    @Test
    public void whatDoesNotGoTogetherIsRefusedWhenThePipelineIsMade() {
        JoinStreams<String, String, String, List<String>, String> join = join();
        JoinStreams<String, String, String, List<String>, String> bounded = join.withLeftWait(ONE_MINUTE);

        assertRefusedInPipeline(
                "how far a left element may be before a right one must be said: by withLeftWait, withRightLookback or both",
                join.withRightWait(ONE_MINUTE).withLeftLookback(ONE_MINUTE));
        assertRefusedInPipeline(
                "reduceLeft with a granule must be with Attribution.all(), since left elements are merged",
                bounded.withAttribution(Attribution.last()).reduceLeft(Count.combineFn(), ONE_MINUTE));
        assertRefusedInPipeline(
                "reduceLeft with a granule must be with Attribution.all(), since left elements are merged",
                bounded.reduceLeft(Count.combineFn(), ONE_MINUTE).withAttribution((right, lefts) -> lefts));
        assertRefusedInPipeline(
                "creditingEachLeftOnce must be without emittingOnMatch: which right element is the earliest is known when it is"
                        + " complete",
                bounded.creditingEachLeftOnce().emittingOnMatch());
        assertRefusedInPipeline(
                "the granule of left elements must be at most how far they may be before a right one, PT1M, but was"
                        + " PT1M0.001S",
                bounded.withRightLookback(Duration.ofMinutes(2))
                        .reduceLeft(Count.combineFn(), ONE_MINUTE.plusMillis(1)));
    }

    private void assertRefusedInPipeline(String message, JoinStreams<String, String, String, ?, String> join) {
        assertRefused(message, () -> streams.impressions().apply(join));
    }

    @Test
    public void elementsMustHaveAKeyThatIsCodedApart() {
        JoinStreams<String, String, String, List<String>, String> join = join().withLeftWait(ONE_MINUTE);
        PCollection<KV<String, String>> opaque =
                pipeline.apply("opaque", Create.of(KV.of("a", "b")).withCoder(new OpaqueCoder()));

        assertRefused("left elements must have a coder of KvCoder, but have opaque", () -> opaque.apply("lefts", join));
        assertRefused(
                "right elements must have a coder of KvCoder, but have opaque",
                () -> streams.impressions()
                        .apply(
                                "rights",
                                JoinStreams.<String, String, String>with(opaque).withLeftWait(ONE_MINUTE)));
    }

    @Test
    public void keysMustBeEncodedAlikeOnBothSides() {
        PCollection<KV<Integer, String>> lefts = ofKeys("lefts", VarIntCoder.of());
        PCollection<KV<Integer, String>> others = ofKeys("others", BigEndianIntegerCoder.of());

        assertRefused(
                "keys must have one coder on both sides, but have VarIntCoder and BigEndianIntegerCoder",
                () -> lefts.apply(
                        JoinStreams.<Integer, String, String>with(others).withLeftWait(ONE_MINUTE)));
    }

    @Test
    public void keysMustAlwaysBeEncodedAlike() {
        PCollection<KV<Integer, String>> serialised = ofKeys("keys", SerializableCoder.of(Integer.class));

        assertRefused(
                "the coder of keys must be deterministic: SerializableCoder(java.lang.Integer) is not deterministic"
                        + " because:\n\tJava Serialization may be non-deterministic.",
                () -> serialised.apply(
                        JoinStreams.<Integer, String, String>with(serialised).withLeftWait(ONE_MINUTE)));
    }

    private PCollection<KV<Integer, String>> ofKeys(String name, Coder<Integer> coder) {
        pipeline.enableAbandonedNodeEnforcement(false); // no pipeline comes into being
        return pipeline.apply(name, Create.of(KV.of(1, "one")).withCoder(KvCoder.of(coder, StringUtf8Coder.of())));
    }

    @Test
    public void whatReducesMustHaveCoders() {
        JoinStreams<String, String, String, List<String>, String> join = join().withLeftWait(ONE_MINUTE);

        assertRefused(
                "what reduces left elements must have a coder for its accumulators: override getAccumulatorCoder, or"
                        + " register one for the type",
                () -> streams.impressions().apply("left", join.reduceLeft(new OfSums())));
        assertRefused(
                "what reduces right elements must have a coder for its accumulators: override getAccumulatorCoder, or"
                        + " register one for the type",
                () -> streams.impressions().apply("right", join.reduceRight(new OfSums())));
        assertRefused(
                "what reduces left elements must have a coder for what it gives out: override getDefaultOutputCoder, or"
                        + " register one for the type",
                () -> streams.impressions().apply("output", join.reduceLeft(new ToSum())));
    }

    @Test
    public void theSampleOfTheDocumentationCountsTheImpressionsOfAPlay() {
        PCollection<KV<String, Impression>> impressions = pipeline.apply(
                "impressions",
                Create.timestamped(
                                TimestampedValue.of(KV.of("a", new Impression("title-7")), joda(NOON)),
                                TimestampedValue.of(KV.of("a", new Impression("title-7")), joda(ONE_PAST)))
                        .withCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Impression.class))));
        PCollection<KV<String, Play>> plays = pipeline.apply(
                "plays",
                Create.timestamped(TimestampedValue.of(KV.of("a", new Play("tv")), joda(FIVE_PAST)))
                        .withCoder(KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Play.class))));
        JoinedStreams<String, Impression, Play, Long, Play> joined =
                impressions.apply(JoinStreams.<String, Impression, Play>with(plays)
                        .withRightLookback(Duration.ofHours(4))
                        .reduceLeft(Count.combineFn()));

        PAssert.that(texts(joined)).containsInAnyOrder("a Play[device=tv] 2 at 12:05");
        pipeline.run();
    }

    private record Impression(String title) implements Serializable {}

    private record Play(String device) implements Serializable {}

    private static final class OpaqueCoder extends AtomicCoder<KV<String, String>> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(KV<String, String> value, OutputStream out) throws IOException {
            StringUtf8Coder.of().encode(value.getKey() + " " + value.getValue(), out);
        }

        @Override
        public KV<String, String> decode(InputStream in) throws IOException {
            String[] words = StringUtf8Coder.of().decode(in).split(" ");
            return KV.of(words[0], words[1]);
        }

        @Override
        public String toString() {
            return "opaque";
        }
    }

    /** No coder is known for it. */
    private record Sum(int length) {}

    private static final class OfSums extends CombineFn<String, Sum, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public Sum createAccumulator() {
            return new Sum(0);
        }

        @Override
        public Sum addInput(Sum sum, String text) {
            return new Sum(sum.length() + text.length());
        }

        @Override
        public Sum mergeAccumulators(Iterable<Sum> sums) {
            int all = 0;
            for (Sum sum : sums) {
                all += sum.length();
            }
            return new Sum(all);
        }

        @Override
        public Long extractOutput(Sum sum) {
            return (long) sum.length();
        }
    }

    private static final class ToSum extends CombineFn<String, String, Sum> {
        private static final long serialVersionUID = 1;

        @Override
        public String createAccumulator() {
            return "";
        }

        @Override
        public String addInput(String before, String text) {
            return before + text;
        }

        @Override
        public String mergeAccumulators(Iterable<String> texts) {
            return String.join("", texts);
        }

        @Override
        public Sum extractOutput(String text) {
            return new Sum(text.length());
        }
    }
}
