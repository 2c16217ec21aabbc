package io.millrace.transforms.enricher;

import io.millrace.testfixtures.Timeline;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Instant;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.MapCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;

public class EnrichFromViewTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final TupleTag<String> ELEMENTS = new TupleTag<>("elements");
    private static final TupleTag<Map<String, String>> TABLES = new TupleTag<>("tables");

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    private static EnrichFromView<String, String, String> enrich(PCollectionView<Map<String, String>> view) {
        return EnrichFromView.of(element -> element.equals("none") ? null : element, view, StringUtf8Coder.of());
    }

    private static PCollection<String> texts(Enrichment<String, String> enriched) {
        return enriched.results()
                .apply(MapElements.into(TypeDescriptors.strings())
                        .via(one -> one.input() + " " + one.value() + " " + one.from() + " " + one.age()));
    }

    @Test
    public void eachElementHasWhatTheViewHasOfItsKey() {
        PCollectionView<Map<String, String>> view = pipeline.apply(
                        "Table", Create.of(KV.of("t1", "Alien"), KV.of("t2", "Brazil")))
                .apply(View.asMap());
        Enrichment<String, String> enriched =
                pipeline.apply(Create.of("t1", "t2", "t3", "none")).apply(enrich(view));

        PAssert.that(texts(enriched))
                .containsInAnyOrder("t1 Alien TABLE PT0S", "t2 Brazil TABLE PT0S", "t3 null TABLE PT0S");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>("none", Reason.KEY_FAILED, "the element has no key"));
        pipeline.run();
    }

    @Test
    public void ofAMissADefaultIsMadeOrADeadLetter() {
        PCollectionView<Map<String, String>> view =
                pipeline.apply("Table", Create.of(KV.of("t1", "Alien"))).apply(View.asMap());
        PCollection<String> elements = pipeline.apply(Create.of("t1", "t3"));
        Enrichment<String, String> byDefault =
                elements.apply("default", enrich(view).onMissDefault("unknown"));
        Enrichment<String, String> letters =
                elements.apply("letter", enrich(view).onMiss(OnMiss.DEAD_LETTER));

        PAssert.that(texts(byDefault)).containsInAnyOrder("t1 Alien TABLE PT0S", "t3 unknown DEFAULT PT0S");
        PAssert.that(letters.deadLetters())
                .containsInAnyOrder(new Unenriched<>("t3", Reason.MISSING, "there is nothing of this key"));
        pipeline.run();
    }

    /** A table is an element of the same story, so that it is known what was there when an element came. */
    @Test
    public void aViewThatIsRefreshedIsSeenByWhatComesThen() {
        PCollectionTuple story = pipeline.apply(Timeline.of(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
                        .at(NOON, KV.of("table", "Alien"))
                        .at(NOON, KV.of("element", "t1"))
                        .at(NOON, KV.of("table", "Aliens"))
                        .at(NOON, KV.of("element", "t1"), KV.of("element", "t1"))
                        .toTheEnd())
                .apply(ParDo.of(new TellFn()).withOutputTags(ELEMENTS, TupleTagList.of(TABLES)));
        PCollectionView<Map<String, String>> view = story.get(TABLES)
                .setCoder(MapCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
                .apply(Window.<Map<String, String>>into(new GlobalWindows())
                        .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
                        .discardingFiredPanes())
                .apply(View.asSingleton());

        PAssert.that(texts(story.get(ELEMENTS).setCoder(StringUtf8Coder.of()).apply(enrich(view))))
                .containsInAnyOrder("t1 Alien TABLE PT0S", "t1 Aliens TABLE PT0S", "t1 Aliens TABLE PT0S");
        pipeline.run();
    }

    private static final class TellFn extends DoFn<KV<String, String>, String> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element KV<String, String> told, MultiOutputReceiver out) {
            if (told.getKey().equals("table")) {
                out.get(TABLES).output(Map.of("t1", told.getValue()));
            } else {
                out.get(ELEMENTS).output(told.getValue());
            }
        }
    }
}
