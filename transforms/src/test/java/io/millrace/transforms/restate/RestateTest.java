package io.millrace.transforms.restate;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.restate.Correction.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

public class RestateTest {
    private static final KvCoder<String, Integer> CODER = KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of());
    private static final Duration MINUTE = Duration.standardMinutes(1);

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Test
    public void saysWhatIsToBeAddedChangedAndRemovedAndNothingElse() {
        PCollection<KV<String, Integer>> published =
                results("published", KV.of("same", 1), KV.of("changed", 2), KV.of("removed", 3));

        PCollection<KV<String, Correction<Integer>>> corrections = results(
                        "rerun", KV.of("same", 1), KV.of("changed", 20), KV.of("added", 4))
                .apply(Restate.against(published));

        PAssert.that(corrections)
                .containsInAnyOrder(
                        KV.of("changed", new Correction<>(2, 20)),
                        KV.of("removed", new Correction<>(3, null)),
                        KV.of("added", new Correction<>(null, 4)));
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void correctionsMakeOfWhatWasPublishedWhatTheRerunHasMade() {
        Map<String, Integer> published = random(7);
        Map<String, Integer> rerun = random(8);

        PCollection<KV<String, Correction<Integer>>> corrections =
                results("rerun", entries(rerun)).apply(Restate.against(results("published", entries(published))));

        PAssert.that(corrections).satisfies(all -> {
            Map<String, Integer> corrected = new HashMap<>(published);
            for (KV<String, Correction<Integer>> one : all) {
                assertThat(
                        one.getKey(),
                        corrected.get(one.getKey()),
                        is(one.getValue().before()));
                if (one.getValue().kind() == Kind.REMOVED) {
                    corrected.remove(one.getKey());
                } else {
                    corrected.put(one.getKey(), one.getValue().now());
                }
            }
            assertThat(corrected, is(rerun));
            return null;
        });
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void comparesWindowByWindowWhenTheWindowEnds() {
        PCollection<KV<String, Integer>> published = pipeline.apply("published", stream(KV.of("a", 1), KV.of("b", 1)))
                .apply("published windows", Window.into(FixedWindows.of(MINUTE)));

        PCollection<KV<String, Correction<Integer>>> corrections = pipeline.apply(
                        "rerun", stream(KV.of("a", 1), KV.of("b", 2)))
                .apply("rerun windows", Window.into(FixedWindows.of(MINUTE)))
                .apply(Restate.against(published));

        PAssert.that(corrections)
                .inWindow(new IntervalWindow(new Instant(0), MINUTE))
                .containsInAnyOrder(KV.of("b", new Correction<>(1, 2)));
        PAssert.that(corrections)
                .inWindow(new IntervalWindow(new Instant(60_000), MINUTE))
                .containsInAnyOrder(KV.of("b", new Correction<>(1, 2)));
        pipeline.run().waitUntilFinish();
    }

    @Test
    public void failsWhereAnIdentityHasTwoResults() {
        results("rerun", KV.of("a", 1), KV.of("a", 2)).apply(Restate.against(results("published", KV.of("a", 1))));

        PipelineExecutionException failure = assertThrows(
                PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish());
        assertThat(
                failure.getMessage(), containsString("results must be made again once each, but there are two of a"));
    }

    @Test
    public void aCorrectionComesBackFromItsCoder() throws Exception {
        for (Correction<Integer> correction :
                List.of(new Correction<>(1, 2), new Correction<>(1, null), new Correction<Integer>(null, 2))) {
            CoderProperties.coderDecodeEncodeEqual(CorrectionCoder.of(VarIntCoder.of()), correction);
        }
        assertThat(
                CoderUtils.encodeToByteArray(CorrectionCoder.of(VarIntCoder.of()), new Correction<>(1, null)),
                is(new byte[] {1, 1, 1, 0}));
        CoderProperties.coderSerializable(CorrectionCoder.of(VarIntCoder.of()));
        assertThrows(IllegalArgumentException.class, () -> new Correction<Integer>(null, null));
    }

    @SafeVarargs
    private PCollection<KV<String, Integer>> results(String name, KV<String, Integer>... results) {
        return pipeline.apply(name, Create.of(List.of(results)).withCoder(CODER));
    }

    @SuppressWarnings("unchecked")
    private static KV<String, Integer>[] entries(Map<String, Integer> of) {
        List<KV<String, Integer>> entries = new ArrayList<>();
        of.forEach((key, value) -> entries.add(KV.of(key, value)));
        return entries.toArray(KV[]::new);
    }

    private static Map<String, Integer> random(int seed) {
        Random random = new Random(seed);
        Map<String, Integer> made = new HashMap<>();
        for (int number = 0; number < 500; number++) {
            made.put("r" + random.nextInt(400), random.nextInt(3));
        }
        return made;
    }

    /** The same results in each of two windows, one of which ends before the other begins. */
    @SafeVarargs
    private static TestStream<KV<String, Integer>> stream(KV<String, Integer>... results) {
        TestStream.Builder<KV<String, Integer>> stream = TestStream.create(CODER);
        for (long start : List.of(0L, 60_000L)) {
            for (KV<String, Integer> result : results) {
                stream = stream.addElements(TimestampedValue.of(result, new Instant(start + 1)));
            }
            stream = stream.advanceWatermarkTo(new Instant(start + 60_000));
        }
        return stream.advanceWatermarkToInfinity();
    }
}
