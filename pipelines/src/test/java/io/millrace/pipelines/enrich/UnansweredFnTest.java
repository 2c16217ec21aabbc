package io.millrace.pipelines.enrich;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.enricher.UnenrichedCoder;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.router.Route.OnError;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;

public class UnansweredFnTest {
    private static final Asked PLAY =
            new Asked(Event.of(new Origin("c/plays", 0, 7), null, "{}".getBytes(UTF_8)), "p-1");

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void saysOfEachWhyThereIsNoAnswer() {
        GivingUp givingUp = new GivingUp("all", RouteMetrics.of("plays", "all"), OnError.DEAD_LETTER);
        PCollection<DeadLetter> letters = pipeline.apply(Create.of(Stream.of(Unenriched.Reason.values())
                                .map(reason -> new Unenriched<>(PLAY, reason, "so it is"))
                                .toList())
                        .withCoder(UnenrichedCoder.of(AskedCoder.of())))
                .apply(ParDo.of(new UnansweredFn(givingUp)))
                .setCoder(DeadLetterCoder.of());

        PAssert.that(letters.apply(MapElements.into(TypeDescriptors.strings())
                        .via(letter -> letter.step() + " " + letter.reason().text() + " " + letter.message())))
                .containsInAnyOrder(
                        "enrich lookupKeyFailed key 'p-1': so it is",
                        "enrich lookupRefused key 'p-1': so it is",
                        "enrich lookupGaveUp key 'p-1': so it is",
                        "enrich lookupMissed key 'p-1': so it is",
                        "enrich late key 'p-1': so it is",
                        "enrich eventTimeUnreadable key 'p-1': so it is");
        pipeline.run();
    }
}
