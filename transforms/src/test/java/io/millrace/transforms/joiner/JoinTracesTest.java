package io.millrace.transforms.joiner;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.HALF_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.transforms.joiner.TwoStreams.timeline;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.shard.KeyBytes;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** What a join tells of keys. */
public class JoinTracesTest {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private PCollection<String> traces(Timeline<String> timeline, double share, List<String> keys) {
        TwoStreams streams = new TwoStreams(pipeline, timeline.toTheEnd());
        return streams.impressions()
                .apply(streams.join()
                        .withRightLookback(ONE_MINUTE)
                        .withLeftId(text -> text)
                        .withJoinType(JoinType.FULL_OUTER)
                        .withTraces(share, keys))
                .traces()
                .apply(ParDo.of(new TextFn()));
    }

    private static Timeline<String> story() {
        return timeline()
                .at(NOON, "imp a i0", "imp a i0", "imp b i0")
                .at(ONE_PAST, "play a p1")
                .at(FIVE_PAST, "play a p5")
                .watermarkTo(TWO_PAST)
                .at(NOON, "imp a late")
                .watermarkTo(HALF_PAST);
    }

    @Test
    public void saysEverythingOfAKeyThatIsTraced() {
        PAssert.that(traces(story(), 0, List.of("a", "never-there")))
                .containsInAnyOrder(
                        "a TAKEN LEFT 12:00 i0 with 7",
                        "a TAKEN LEFT 12:00 i0 with 7",
                        "a TAKEN RIGHT 12:01  with 2",
                        "a TAKEN RIGHT 12:05  with 2",
                        "a DUPLICATE LEFT 12:00  with 0",
                        "a COMPLETE RIGHT 12:01  with 0 of 12:00",
                        "a LATE LEFT 12:00 late with 0, behind 12:02",
                        "a FORGOTTEN LEFT 12:00  with 0",
                        "a UNMATCHED RIGHT 12:05  with 0");
        pipeline.run();
    }

    @Test
    public void allKeysAreAShareOfOne() {
        PAssert.that(traces(timeline().at(NOON, "imp a i0", "imp b i0"), 1, List.of()))
                .containsInAnyOrder(
                        "a TAKEN LEFT 12:00 i0 with 7",
                        "b TAKEN LEFT 12:00 i0 with 7",
                        "a UNMATCHED LEFT 12:00  with 0",
                        "b UNMATCHED LEFT 12:00  with 0");
        pipeline.run();
    }

    @Test
    public void noKeyIsTracedUnlessItIsAskedFor() {
        PAssert.that(traces(story(), 0, List.of())).empty();
        pipeline.run();
    }

    @Test
    public void aShareOfKeysIsDrawn() {
        TracedKeys tenth = TracedKeys.of(0.1, List.of(), StringUtf8Coder.of());
        int drawn = 0;
        for (int key = 0; key < 10_000; key++) {
            drawn += tenth.has(new KeyBytes(("key-" + key).getBytes(UTF_8))) ? 1 : 0;
        }
        assertThat("drawn: " + drawn, drawn > 900 && drawn < 1_100, is(true));
    }

    @Test
    public void aShareIsOneOfAWhole() {
        TwoStreams streams = new TwoStreams(pipeline, timeline().toTheEnd());
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> streams.join().withTraces(1.5, List.of()));
        assertThat(refused.getMessage(), is("share of keys must be from 0 to 1, but was 1.5"));
        pipeline.run();
    }

    @Test
    public void aTraceIsReadAsItWasWritten() throws Exception {
        Instant noon = new Instant(1);
        CoderProperties.coderDecodeEncodeEqual(
                TraceCoder.of(),
                new Trace(
                        Trace.Step.COMPLETE,
                        Side.RIGHT,
                        noon,
                        "id",
                        7,
                        List.of(noon, noon.plus(1)),
                        noon.plus(2),
                        noon.plus(3)));
    }

    private static final class TextFn extends DoFn<KV<String, Trace>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element KV<String, Trace> traced, OutputReceiver<String> out) {
            Trace trace = traced.getValue();
            String text = "%s %s %s %s %s with %d"
                    .formatted(
                            traced.getKey(),
                            trace.step(),
                            trace.side(),
                            TwoStreams.text(trace.time()),
                            trace.id(),
                            trace.bytes());
            String lefts = trace.lefts().isEmpty()
                    ? ""
                    : " of " + TwoStreams.text(trace.lefts().get(0));
            String behind = trace.step() == Trace.Step.LATE ? ", behind " + TwoStreams.text(trace.watermark()) : "";
            out.output(text + lefts + behind);
        }
    }
}
