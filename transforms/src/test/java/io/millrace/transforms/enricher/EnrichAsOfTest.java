package io.millrace.transforms.enricher;

import static io.millrace.testfixtures.Times.FIVE_PAST;
import static io.millrace.testfixtures.Times.NOON;
import static io.millrace.testfixtures.Times.ONE_PAST;
import static io.millrace.testfixtures.Times.TEN_PAST;
import static io.millrace.testfixtures.Times.TWO_PAST;
import static io.millrace.testfixtures.Times.joda;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/**
 * Elements and changes of one timeline: {@code a play} is an element of the key a, {@code a=gold#3} a change of it with the sequence number
 * 3, and {@code a=#4} its deletion.
 */
public class EnrichAsOfTest {
    private static final SerializableFunction<String, String> KEY = element -> {
        String key = element.substring(0, element.indexOf(' '));
        if (key.equals("bad")) {
            throw new KeyFailedException("no field profile_id");
        }
        return key.isEmpty() ? null : key;
    };

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private static Timeline<String> timeline() {
        return Timeline.of(StringUtf8Coder.of());
    }

    private PCollection<String> elements;
    private PCollection<KV<String, Change<String>>> changes;

    private EnrichAsOf<String, String, String> on(TestStream<String> stream) {
        PCollection<String> all = pipeline.apply(stream);
        elements = all.apply("elements", Filter.by(one -> one.contains(" ")));
        changes = all.apply("changes", Filter.by(one -> one.contains("=")))
                .apply(ParDo.of(new ParseFn()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCoder.of(StringUtf8Coder.of())));
        return EnrichAsOf.of(KEY, changes);
    }

    private static PCollection<String> texts(Enrichment<String, String> enriched) {
        return enriched.results().apply("texts", ParDo.of(new TextFn()));
    }

    @Test
    public void eachElementHasTheValueAsOfItsTimeWhicheverCameFirst() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(TWO_PAST, "a two", "b two")
                .at(NOON, "a noon")
                .at(TWO_PAST, "a=iron#2")
                .at(ONE_PAST, "a=gold#1", "a one")
                .at(FIVE_PAST, "a=#3", "a five", "a=lead#1")
                .toTheEnd());
        Enrichment<String, String> enriched = elements.apply(enrich);

        PAssert.that(texts(enriched))
                .containsInAnyOrder(
                        "a noon null CHANGELOG PT0S at 12:00",
                        "a one gold CHANGELOG PT0S at 12:01",
                        "a two iron CHANGELOG PT0S at 12:02",
                        "b two null CHANGELOG PT0S at 12:02",
                        "a five null CHANGELOG PT0S at 12:05");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void theAgeIsFromTheChangeToTheElement() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(NOON, "a=gold#1")
                .at(FIVE_PAST, "a five")
                .watermarkTo(TEN_PAST)
                .toTheEnd());

        PAssert.that(texts(elements.apply(enrich))).containsInAnyOrder("a five gold CHANGELOG PT5M at 12:05");
        pipeline.run();
    }

    @Test
    public void anElementThatWaitsHoldsTheWatermarkSoThatItIsOnTimeInItsWindow() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(ONE_PAST, "a one")
                .at(FIVE_PAST, "a five")
                .watermarkTo(ONE_PAST)
                .at(ONE_PAST, "a=gold#1")
                .watermarkTo(TWO_PAST)
                .watermarkTo(TEN_PAST)
                .toTheEnd());
        PCollection<KV<String, Long>> windowed = texts(elements.apply(enrich))
                .apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))))
                .apply(Count.perElement());

        PAssert.that(windowed)
                .inOnTimePane(new IntervalWindow(joda(ONE_PAST), joda(TWO_PAST)))
                .containsInAnyOrder(KV.of("a one gold CHANGELOG PT0S at 12:01", 1L));
        PAssert.that(windowed)
                .inOnTimePane(new IntervalWindow(joda(FIVE_PAST), joda(FIVE_PAST.plusSeconds(60))))
                .containsInAnyOrder(KV.of("a five gold CHANGELOG PT4M at 12:05", 1L));
        pipeline.run();
    }

    @Test
    public void aLateElementIsADeadLetterAndTheOthersGoOn() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(NOON, "a=gold#1")
                .watermarkTo(FIVE_PAST)
                .at(TWO_PAST, "a two")
                .at(FIVE_PAST, "a five")
                .toTheEnd());
        Enrichment<String, String> enriched = elements.apply(enrich.named("late"));

        PAssert.that(texts(enriched)).containsInAnyOrder("a five gold CHANGELOG PT5M at 12:05");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>(
                        "a two", Reason.LATE, "too late: the watermark has passed its time and the allowed lateness"));
        assertThat(
                Counters.of(pipeline.run(), "late"),
                is(Map.of("lookup_answers", 1L, "lookup_late", 1L, "lookup_waited", 1L)));
    }

    @Test
    public void withinTheAllowedLatenessAnElementHasTheValueOfItsTime() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(NOON, "a=gold#1")
                .at(TWO_PAST, "a=iron#2")
                .watermarkTo(FIVE_PAST)
                .at(ONE_PAST, "a one")
                .at(NOON, "a noon")
                .toTheEnd());
        Enrichment<String, String> enriched = elements.apply(enrich.withAllowedLateness(Duration.ofMinutes(4)));

        PAssert.that(texts(enriched)).containsInAnyOrder("a one gold CHANGELOG PT1M at 12:01");
        PAssert.that(enriched.deadLetters()).satisfies(letters -> {
            letters.forEach(letter -> assertThat(letter.input(), is("a noon")));
            return null;
        });
        pipeline.run();
    }

    @Test
    public void aLateChangeHoldsFromThenOnUnlessThereIsANewer() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(NOON, "a=gold#1", "b=gold#1")
                .at(TWO_PAST, "b=lead#3")
                .watermarkTo(FIVE_PAST)
                .at(ONE_PAST, "a=iron#2", "b=iron#2")
                .at(TEN_PAST, "a ten", "b ten")
                .toTheEnd());
        Enrichment<String, String> enriched = elements.apply(enrich.named("changes"));

        PAssert.that(texts(enriched))
                .containsInAnyOrder("a ten iron CHANGELOG PT9M at 12:10", "b ten lead CHANGELOG PT8M at 12:10");
        assertThat(
                Counters.of(pipeline.run(), "changes"),
                is(Map.of(
                        "lookup_answers",
                        2L,
                        "lookup_late_changes",
                        2L,
                        "lookup_outdated_changes",
                        1L,
                        "lookup_waited",
                        2L)));
    }

    @Test
    public void aValueThatIsNotRenewedIsAMissAfterItsTimeToLive() {
        EnrichAsOf<String, String, String> enrich = on(timeline()
                .at(NOON, "a=gold#1", "b=gold#1")
                .at(TWO_PAST, "b=iron#2")
                .at(FIVE_PAST, "a five", "b five")
                .toTheEnd());

        PAssert.that(texts(elements.apply(
                        enrich.withTimeToLive(Duration.ofMinutes(3)).onMissDefault("none"))))
                .containsInAnyOrder("a five none DEFAULT PT0S at 12:05", "b five iron CHANGELOG PT3M at 12:05");
        pipeline.run();
    }

    @Test
    public void aChangeWithoutATimeHoldsSinceEver() {
        EnrichAsOf<String, String, String> enrich =
                on(timeline().at(NOON, "a noon").toTheEnd());
        PCollection<KV<String, Change<String>>> table = pipeline.apply(Create.of(KV.of("a", Change.to("gold", 1)))
                .withCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCoder.of(StringUtf8Coder.of()))));

        PAssert.that(texts(elements.apply(EnrichAsOf.of(KEY, table)))).satisfies(all -> {
            all.forEach(one -> assertThat(one, startsWith("a noon gold CHANGELOG ")));
            return null;
        });
        pipeline.run();
    }

    @Test
    public void elementsWithoutAKeyOrATimeAreDeadLettersAndTheOthersGoOn() {
        PCollection<String> elements = pipeline.apply(
                "elements",
                Create.timestamped(
                        TimestampedValue.of("a good", joda(NOON)),
                        TimestampedValue.of("bad one", joda(NOON)),
                        TimestampedValue.of(" none", joda(NOON)),
                        TimestampedValue.of("a without time", GlobalWindow.TIMESTAMP_MIN_VALUE),
                        TimestampedValue.of("a good too", joda(NOON))));
        PCollection<KV<String, Change<String>>> table = pipeline.apply(
                "changes",
                Create.timestamped(TimestampedValue.of(KV.of("a", Change.to("gold", 1)), joda(NOON)))
                        .withCoder(KvCoder.of(StringUtf8Coder.of(), ChangeCoder.of(StringUtf8Coder.of()))));
        Enrichment<String, String> enriched = elements.apply(EnrichAsOf.of(KEY, table));

        PAssert.that(texts(enriched))
                .containsInAnyOrder("a good gold CHANGELOG PT0S at 12:00", "a good too gold CHANGELOG PT0S at 12:00");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(
                        new Unenriched<>("bad one", Reason.KEY_FAILED, "no field profile_id"),
                        new Unenriched<>(" none", Reason.KEY_FAILED, "the element has no key"),
                        new Unenriched<>("a without time", Reason.NO_TIME, "there is no event time"));
        pipeline.run();
    }

    @Test
    public void aMissCanBeADeadLetterOrDropped() {
        EnrichAsOf<String, String, String> enrich =
                on(timeline().at(NOON, "a=gold#1", "a noon", "b noon").toTheEnd());
        Enrichment<String, String> letters = elements.apply("letters", enrich.onMiss(OnMiss.DEAD_LETTER));
        Enrichment<String, String> dropped =
                elements.apply("dropped", enrich.onMiss(OnMiss.DROP).named("dropped"));

        PAssert.that(texts(letters)).containsInAnyOrder("a noon gold CHANGELOG PT0S at 12:00");
        PAssert.that(letters.deadLetters())
                .containsInAnyOrder(new Unenriched<>("b noon", Reason.MISSING, "there is nothing of this key"));
        PAssert.that(dropped.results()
                        .apply(MapElements.into(TypeDescriptors.strings()).via(Enriched::input)))
                .containsInAnyOrder("a noon");
        assertThat(
                Counters.of(pipeline.run(), "dropped"),
                is(Map.of("lookup_waited", 2L, "lookup_answers", 2L, "lookup_misses", 1L, "lookup_dropped", 1L)));
    }

    @Test
    public void windowsOfTheInputsDoNotCount() {
        EnrichAsOf<String, String, String> enrich =
                on(timeline().at(NOON, "a=gold#1").at(FIVE_PAST, "a five").toTheEnd());
        PCollection<String> windowed =
                elements.apply(Window.into(FixedWindows.of(org.joda.time.Duration.standardMinutes(1))));

        PAssert.that(texts(windowed.apply(enrich)))
                .inWindow(GlobalWindow.INSTANCE)
                .containsInAnyOrder("a five gold CHANGELOG PT5M at 12:05");
        pipeline.run();
    }

    @Test
    public void elementsOfTheLastMomentLeaveAtTheEndOfTheInput() {
        EnrichAsOf<String, String, String> enrich =
                on(timeline().at(NOON, "a=gold#1").toTheEnd());
        Instant last = GlobalWindow.INSTANCE.maxTimestamp();
        PCollection<String> ahead = pipeline.apply(
                Create.timestamped(TimestampedValue.of("a last", last), TimestampedValue.of("b last", last)));
        PCollection<String> inputs = ahead.apply(enrich)
                .results()
                .apply(MapElements.into(TypeDescriptors.strings()).via(one -> one.input() + " " + one.value()));

        PAssert.that(inputs).containsInAnyOrder("a last gold", "b last null");
        pipeline.run();
    }

    /** Flink skips its own timer for the end of a global window only then. */
    @Test
    public void nothingIsSetForTheEndOfTimeThatEveryKeyWouldKeep() {
        assertThat(DoFnSignatures.getSignature(AsOfFn.class).onWindowExpiration() == null, is(true));
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        EnrichAsOf<String, String, String> enrich = on(timeline().toTheEnd());
        pipeline.enableAbandonedNodeEnforcement(false);

        assertRefused(
                "allowedLateness must be at least 0, but was PT-1S",
                () -> enrich.withAllowedLateness(Duration.ofSeconds(-1)));
        assertRefused(
                "timeToLive must be at least a millisecond, but was PT0S", () -> enrich.withTimeToLive(Duration.ZERO));
        assertRefused("a default must be given by onMissDefault", () -> enrich.onMiss(OnMiss.DEFAULT));
        assertRefused("namespace must not be empty", () -> enrich.named(""));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }

    private static final class ParseFn extends DoFn<String, KV<String, Change<String>>> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element String text, OutputReceiver<KV<String, Change<String>>> out) {
            List<String> parts = List.of(text.split("[=#]", -1));
            String value = parts.get(1).isEmpty() ? null : parts.get(1);
            out.output(KV.of(parts.get(0), new Change<>(value, Long.parseLong(parts.get(2)))));
        }
    }

    /** Says everything of an enriched element that a test can know. */
    private static final class TextFn extends DoFn<Enriched<String, String>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(
                @Element Enriched<String, String> enriched, @Timestamp Instant time, OutputReceiver<String> out) {
            assertThat(enriched.obtainedAt().plus(enriched.age()).toEpochMilli(), is(time.getMillis()));
            out.output(enriched.input() + " " + enriched.value() + " " + enriched.from() + " " + enriched.age() + " at "
                    + time.toString().substring(11, 16));
        }
    }
}
