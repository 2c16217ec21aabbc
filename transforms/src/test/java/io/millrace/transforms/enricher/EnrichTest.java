package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.Timeline;
import io.millrace.testfixtures.Times;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class EnrichTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    /** Answers keys that begin with an a or b, refuses those with an r, and has nothing of others. */
    private final AnsweringService service = AnsweringService.ofKeys(key -> switch (key.charAt(0)) {
        case 'a', 'b' -> key + "!";
        case 'r' -> throw new LookupRefusedException(key + " is no key");
        default -> null;
    });

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private static Enrich<String, String, String> enrich(AnsweringService service) {
        return Enrich.of(element -> element, service);
    }

    /** What there is to say of an enriched element that does not change from run to run. */
    private static PCollection<String> texts(PCollection<Enriched<String, String>> enriched) {
        return enriched.apply(MapElements.into(TypeDescriptors.strings())
                .via(one -> one.input() + " " + one.value() + " " + one.from()));
    }

    @Test
    public void eachElementHasTheAnswerOfItsKey() {
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("a1", "b2", "none")).apply(enrich(service));

        PAssert.that(texts(enriched.results())).containsInAnyOrder("a1 a1! CALL", "b2 b2! CALL", "none null CALL");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void elementsOfABundleLeaveInTheirOrder() {
        PCollection<String> elements = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                .at(NOON, "a1", "a2", "none", "a3", "b1", "b2")
                .toTheEnd());

        PAssert.that(texts(elements.apply(enrich(service).withMaxInFlight(3)).results()))
                .satisfies(all -> {
                    assertThat(
                            all,
                            contains(
                                    "a1 a1! CALL",
                                    "a2 a2! CALL",
                                    "none null CALL",
                                    "a3 a3! CALL",
                                    "b1 b1! CALL",
                                    "b2 b2! CALL"));
                    return null;
                });
        pipeline.run();
    }

    @Test
    public void badElementsAreDeadLettersAndTheOthersGoOn() {
        Enrich<String, String, String> enrich = Enrich.of(
                element -> {
                    if (element.equals("a-bad")) {
                        throw new KeyFailedException("no field profile_id");
                    }
                    return element.equals("a-null") ? null : element;
                },
                service);
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("a1", "r1", "a-bad", "a-null", "a2")).apply(enrich);

        PAssert.that(texts(enriched.results())).containsInAnyOrder("a1 a1! CALL", "a2 a2! CALL");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(
                        new Unenriched<>("r1", Reason.REFUSED, "r1 is no key"),
                        new Unenriched<>("a-bad", Reason.KEY_FAILED, "no field profile_id"),
                        new Unenriched<>("a-null", Reason.KEY_FAILED, "the element has no key"));
        pipeline.run();
    }

    @Test
    public void aKeyFunctionThatFailsOtherwiseFailsTheBundle() {
        SerializableFunction<String, String> key = element -> {
            throw new IllegalStateException("a mistake");
        };
        pipeline.apply(Create.of("a")).apply(Enrich.of(key, service));

        PipelineExecutionException failure = assertThrows(PipelineExecutionException.class, pipeline::run);
        assertThat(failure.getCause().getMessage(), is("a mistake"));
    }

    @Test
    public void ofAMissADefaultCanBeMade() {
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("a1", "none")).apply(enrich(service).onMissDefault("unknown"));

        PAssert.that(texts(enriched.results())).containsInAnyOrder("a1 a1! CALL", "none unknown DEFAULT");
        pipeline.run();
    }

    @Test
    public void aMissCanBeADeadLetter() {
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("a1", "none")).apply(enrich(service).onMiss(OnMiss.DEAD_LETTER));

        PAssert.that(texts(enriched.results())).containsInAnyOrder("a1 a1! CALL");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>("none", Reason.MISSING, "there is nothing of this key"));
        pipeline.run();
    }

    @Test
    public void aMissCanBeDroppedAndIsCounted() {
        Enrichment<String, String> enriched = pipeline.apply(Create.of("a1", "none", "nothing"))
                .apply(enrich(service).onMiss(OnMiss.DROP).named("plays"));

        PAssert.that(texts(enriched.results())).containsInAnyOrder("a1 a1! CALL");
        PAssert.that(enriched.deadLetters()).empty();
        assertThat(
                Counters.of(pipeline.run(), "plays"),
                is(Map.of("lookup_calls", 3L, "lookup_answers", 3L, "lookup_misses", 2L, "lookup_dropped", 2L)));
    }

    @Test
    public void triesAreCountedAsWhatTheyWere() {
        AtomicInteger tries = new AtomicInteger();
        AnsweringService failing = AnsweringService.of(keys -> failTwice(tries));
        pipeline.apply(Create.of("a")).apply(enrich(failing).named("retried"));

        assertThat(
                Counters.of(pipeline.run(), "retried"),
                is(Map.of("lookup_answers", 1L, "lookup_calls", 3L, "lookup_failures", 2L, "lookup_retries", 2L)));
    }

    private static CompletionStage<Map<String, String>> failTwice(AtomicInteger tries) {
        return tries.incrementAndGet() <= 2
                ? CompletableFuture.failedFuture(new IOException("connection reset"))
                : CompletableFuture.completedFuture(Map.of("a", "value"));
    }

    @Test
    public void timestampsWindowsAndPanesPassOn() {
        PCollection<KV<String, Long>> counts = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                        .at(NOON, "a1", "b1")
                        .at(NOON.plusSeconds(90), "a1")
                        .watermarkTo(NOON.plusSeconds(60))
                        .at(NOON.plusSeconds(1), "a1")
                        .toTheEnd())
                .apply(Window.<String>into(FixedWindows.of(Duration.standardMinutes(1)))
                        .triggering(AfterWatermark.pastEndOfWindow()
                                .withEarlyFirings(AfterPane.elementCountAtLeast(1))
                                .withLateFirings(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(Duration.standardHours(1))
                        .accumulatingFiredPanes())
                .apply(Count.perElement());
        Enrich<KV<String, Long>, String, String> enrich = Enrich.of(KV::getKey, service);

        counts.apply("before", ParDo.of(new PlaceFn<>("before")));
        counts.apply(enrich.inAnyOrder())
                .results()
                .apply(MapElements.into(TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.longs()))
                        .via(Enriched::input))
                .apply("after", ParDo.of(new PlaceFn<>("after")));
        pipeline.run();

        assertThat(PlaceFn.places("after"), is(PlaceFn.places("before")));
        assertThat(PlaceFn.places("after"), hasItem(containsString("LATE")));
        assertThat(PlaceFn.places("after"), hasItem(containsString("EARLY")));
    }

    @Test
    public void anElementOfSeveralWindowsIsEnrichedInEach() {
        PCollection<String> elements = pipeline.apply(Create.timestamped(TimestampedValue.of("a1", Times.joda(NOON))))
                .apply(Window.into(
                        SlidingWindows.of(Duration.standardMinutes(2)).every(Duration.standardMinutes(1))));

        elements.apply("before several", ParDo.of(new PlaceFn<>("before several")));
        elements.apply(enrich(service))
                .results()
                .apply(MapElements.into(TypeDescriptors.strings()).via(Enriched::input))
                .apply("after several", ParDo.of(new PlaceFn<>("after several")));
        pipeline.run();

        assertThat(PlaceFn.places("after several"), is(PlaceFn.places("before several")));
        assertThat(PlaceFn.places("after several"), hasSize(2));
    }

    @Test
    public void twoUsesOfOneEnrichShareNothing() {
        Enrich<String, String, String> enrich = enrich(service);
        PCollection<String> elements = pipeline.apply(Create.of("a1"));
        elements.apply("plain", enrich.named("plain"));
        elements.apply(
                "kept",
                enrich.withCache(CacheSettings.of(10, java.time.Duration.ofHours(1)))
                        .named("kept"));

        PipelineResult result = pipeline.run();
        assertThat(Counters.of(result, "plain"), is(Map.of("lookup_answers", 1L, "lookup_calls", 1L)));
        assertThat(Counters.of(result, "kept"), is(Map.of("lookup_answers", 1L, "lookup_calls", 1L)));
    }

    @Test
    public void valuesNeedACoder() {
        record Opaque() {}
        LookupClient.Provider<String, Opaque> provider = new LookupClient.Provider<>() {
            @Override
            public LookupClient<String, Opaque> open() {
                throw new IllegalStateException("not opened");
            }
        };
        PCollection<String> elements = pipeline.apply(Create.of("a"));
        pipeline.enableAbandonedNodeEnforcement(false);

        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> elements.apply(Enrich.of(element -> element, provider)));
        assertThat(failure.getMessage(), startsWith("values of "));
        assertThat(failure.getMessage(), endsWith(" must have a coder: give one by withValueCoder"));
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        assertRefused(
                "maxInFlight must be at least 1, but was 0",
                () -> enrich(service).withMaxInFlight(0));
        assertRefused(
                "callsPerSecond must be positive, but was 0.0",
                () -> enrich(service).withCallsPerSecond(0));
        assertRefused(
                "a default must be given by onMissDefault",
                () -> enrich(service).onMiss(OnMiss.DEFAULT));
        assertRefused("namespace must not be empty", () -> enrich(service).named(""));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
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
