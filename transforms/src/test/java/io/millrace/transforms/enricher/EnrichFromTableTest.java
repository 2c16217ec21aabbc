package io.millrace.transforms.enricher;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class EnrichFromTableTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private final ScriptedTables titles = ScriptedTables.of(Map.of("t1", "Alien", "t2", "Brazil"));

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private static EnrichFromTable<String, String, String> enrich(ScriptedTables tables) {
        return EnrichFromTable.of(element -> element, tables);
    }

    private static PCollection<String> texts(Enrichment<String, String> enriched) {
        return enriched.results()
                .apply(
                        "texts of " + enriched.results().getName(),
                        MapElements.into(TypeDescriptors.strings())
                                .via(one -> one.input() + " " + one.value() + " " + one.from()));
    }

    @Test
    public void eachElementHasWhatTheTableHasOfItsKey() {
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("t1", "t2", "t3")).apply(enrich(titles));

        PAssert.that(texts(enriched)).containsInAnyOrder("t1 Alien TABLE", "t2 Brazil TABLE", "t3 null TABLE");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void elementsWithoutAKeyAreDeadLettersAndTheOthersGoOn() {
        EnrichFromTable<String, String, String> enrich = EnrichFromTable.of(
                element -> {
                    if (element.equals("bad")) {
                        throw new KeyFailedException("no field title_id");
                    }
                    return element.equals("none") ? null : element;
                },
                titles);
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("t1", "bad", "none", "t2")).apply(enrich);

        PAssert.that(texts(enriched)).containsInAnyOrder("t1 Alien TABLE", "t2 Brazil TABLE");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(
                        new Unenriched<>("bad", Reason.KEY_FAILED, "no field title_id"),
                        new Unenriched<>("none", Reason.KEY_FAILED, "the element has no key"));
        pipeline.run();
    }

    @Test
    public void ofAMissADefaultIsMadeOrADeadLetterOrNothing() {
        PCollection<String> elements = pipeline.apply(Create.of("t1", "t3"));
        Enrichment<String, String> byDefault =
                elements.apply("default", enrich(titles).onMissDefault("unknown"));
        Enrichment<String, String> dropped =
                elements.apply("drop", enrich(titles).onMiss(OnMiss.DROP));
        Enrichment<String, String> letters =
                elements.apply("letter", enrich(titles).onMiss(OnMiss.DEAD_LETTER));

        PAssert.that(texts(byDefault)).containsInAnyOrder("t1 Alien TABLE", "t3 unknown DEFAULT");
        PAssert.that(texts(dropped)).containsInAnyOrder("t1 Alien TABLE");
        PAssert.that(letters.deadLetters())
                .containsInAnyOrder(new Unenriched<>("t3", Reason.MISSING, "there is nothing of this key"));
        pipeline.run();
    }

    @Test
    public void theFirstTableIsWaitedFor() {
        AtomicInteger tries = new AtomicInteger();
        ScriptedTables late = ScriptedTables.empty();
        late.answer(held -> {
            if (tries.incrementAndGet() < 3) {
                throw new IOException("connection refused");
            }
            return Optional.of(new Loaded<>(LookupTable.of(Map.of("t1", "Alien")), "1", 0));
        });
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("t1")).apply(enrich(late).named("late"));

        PAssert.that(texts(enriched)).containsInAnyOrder("t1 Alien TABLE");
        PipelineResult result = pipeline.run();

        assertThat(
                Counters.of(result, "late"),
                is(Map.of("lookup_answers", 1L, "table_loads", 1L, "table_loads_failed", 2L)));
    }

    @Test
    public void countsWhatWasLoadedAndMissedAndTellsOfTheTable() {
        HandMovedClock clock = HandMovedClock.at(NOON);
        titles.answer(held -> {
            clock.move(Duration.ofSeconds(7));
            return Optional.of(new Loaded<>(LookupTable.of(Map.of("t1", "Alien", "t2", "Brazil")), "1", 0));
        });
        Enrichment<String, String> enriched = pipeline.apply(Create.of("t1", "t3"))
                .apply(enrich(titles).withClock(clock).onMiss(OnMiss.DROP).named("counted"));

        PAssert.thatSingleton(enriched.results())
                .isEqualTo(new Enriched<>("t1", "Alien", NOON, Duration.ofSeconds(7), Enriched.From.TABLE));
        PipelineResult result = pipeline.run();

        assertThat(
                Counters.of(result, "counted"),
                is(Map.of("table_loads", 1L, "lookup_answers", 2L, "lookup_misses", 1L, "lookup_dropped", 1L)));
        Map<String, Long> gauges = new TreeMap<>();
        metrics(result, "counted")
                .getGauges()
                .forEach(gauge -> gauges.put(
                        gauge.getName().getName(), gauge.getCommitted().getValue()));
        assertThat(gauges, is(Map.of("table_rows", 2L, "table_age_ms", 7_000L, "table_checked_ms", 7_000L)));
    }

    private static MetricQueryResults metrics(PipelineResult result, String namespace) {
        return result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.inNamespace(namespace))
                        .build());
    }

    /** Waiting in a step of the stream is for the table that is loaded beside. */
    @Test
    public void aTableThatIsReloadedIsSeenByWhatComesThen() {
        HandMovedClock clock = HandMovedClock.at(NOON);
        titles.answer(held -> {
            String title = clock.instant().equals(NOON) ? "Alien" : "Aliens";
            return held.equals(title)
                    ? Optional.empty()
                    : Optional.of(new Loaded<>(LookupTable.of(Map.of("t1", title)), title, 0));
        });
        PCollection<String> elements = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                .at(NOON, "t1")
                .at(NOON, "move")
                .at(NOON, "t1")
                .toTheEnd());

        Enrichment<String, String> enriched = elements.apply("Hand", ParDo.of(new HandFn(clock, titles)))
                .apply(enrich(titles).withClock(clock).withReloadEvery(Duration.ofMinutes(10)));

        PAssert.that(texts(enriched)).containsInAnyOrder("t1 Alien TABLE", "t1 Aliens TABLE");
        pipeline.run();
    }

    /** Moves the clock, and waits until the table was loaded again and is there: what comes then is behind it. */
    private static final class HandFn extends DoFn<String, String> {
        private static final long serialVersionUID = 1;

        private final HandMovedClock clock;
        private final ScriptedTables tables;

        HandFn(HandMovedClock clock, ScriptedTables tables) {
            this.clock = clock;
            this.tables = tables;
        }

        @ProcessElement
        public void process(@Element String element, OutputReceiver<String> out) {
            if (element.equals("move")) {
                clock.move(Duration.ofMinutes(10));
                Eventually.waitUntil("the next table is loaded", () -> tables.loads() == 2);
                clock.move(Duration.ofMinutes(10));
                Eventually.waitUntil("it is there, since the one after it is loaded", () -> tables.loads() == 3);
            } else {
                out.output(element);
            }
        }
    }

    @Test
    public void timestampsWindowsAndPanesPassOn() {
        PCollection<KV<String, Long>> counts = pipeline.apply(Timeline.of(StringUtf8Coder.of())
                        .at(NOON, "t1", "t2")
                        .at(NOON.plusSeconds(90), "t1")
                        .watermarkTo(NOON.plusSeconds(60))
                        .at(NOON.plusSeconds(1), "t1")
                        .toTheEnd())
                .apply(Window.<String>into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1)))
                        .triggering(AfterWatermark.pastEndOfWindow()
                                .withEarlyFirings(AfterPane.elementCountAtLeast(1))
                                .withLateFirings(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(org.joda.time.Duration.standardHours(1))
                        .accumulatingFiredPanes())
                .apply(Count.perElement());
        EnrichFromTable<KV<String, Long>, String, String> enrich = EnrichFromTable.of(KV::getKey, titles);

        counts.apply("before", ParDo.of(new KeepPlaceFn<>("before the table")));
        counts.apply(enrich)
                .results()
                .apply(MapElements.into(TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.longs()))
                        .via(Enriched::input))
                .apply("after", ParDo.of(new KeepPlaceFn<>("after the table")));
        pipeline.run();

        assertThat(KeepPlaceFn.places("after the table"), is(KeepPlaceFn.places("before the table")));
        assertThat(KeepPlaceFn.places("after the table"), hasItem(containsString("LATE")));
        assertThat(KeepPlaceFn.places("after the table"), hasItem(containsString("EARLY")));
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        assertRefused(
                "reloadEvery must be at least a second, but was PT0.999S",
                () -> enrich(titles).withReloadEvery(Duration.ofMillis(999)));
        assertRefused(
                "a default must be given by onMissDefault", () -> enrich(titles).onMiss(OnMiss.DEFAULT));
        assertRefused("namespace must not be empty", () -> enrich(titles).named(""));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }

    @Test
    public void valuesNeedACoder() {
        record Opaque() {}
        LookupTable.Source<String, Opaque> source = new LookupTable.Source<>() {
            @Override
            public String place() {
                return "nowhere";
            }

            @Override
            public Optional<Loaded<String, Opaque>> load(String held) {
                throw new IllegalStateException("not loaded");
            }
        };
        PCollection<String> elements = pipeline.apply(Create.of("a"));
        pipeline.enableAbandonedNodeEnforcement(false);

        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class, () -> elements.apply(EnrichFromTable.of(element -> element, source)));
        assertThat(failure.getMessage(), startsWith("values of "));
    }
}
