package com.example.plays;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.router.Route;
import io.millrace.transforms.router.RouteEvents;
import io.millrace.transforms.router.Routed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.beam.sdk.transforms.Flatten;

/** From numbered JSON documents: the profile and country of every long play, and a line for each document without. */
public final class LongPlays extends PTransform<PCollection<KV<Long, String>>, PCollection<String>> {
    private static final long serialVersionUID = 1;

    private static final Route ROUTE = Route.named("long-plays")
            .withFilter(Filter.of("event.duration_s > 60"))
            .withProjection(Projection.keeping(List.of("profile_id", "geo.country")));

    @Override
    public PCollection<String> expand(PCollection<KV<Long, String>> documents) {
        Routed routed = documents
                .apply("AsEvents", MapElements.into(TypeDescriptor.of(Event.class)).via(LongPlays::event))
                .setCoder(EventCoder.of())
                .apply("Route", RouteEvents.to(ROUTE));
        PCollection<String> plays = routed.route("long-plays")
                .apply("AsText", MapElements.into(TypeDescriptors.strings()).via(LongPlays::text));
        PCollection<String> problems = routed.deadLetters()
                .apply("AsProblem", MapElements.into(TypeDescriptors.strings()).via(LongPlays::problem));
        return PCollectionList.of(plays).and(problems).apply("Together", Flatten.pCollections());
    }

    private static Event event(KV<Long, String> document) {
        Origin origin = new Origin("memory", 0, document.getKey());
        return Event.of(origin, null, document.getValue().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Event event) {
        return new String(event.value(), StandardCharsets.UTF_8);
    }

    private static String problem(DeadLetter deadLetter) {
        return deadLetter.event().id().origin().offset() + ": " + deadLetter.message();
    }
}
