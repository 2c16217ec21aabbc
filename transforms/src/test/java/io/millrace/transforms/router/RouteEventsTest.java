package io.millrace.transforms.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.RouteMetrics;
import io.millrace.transforms.expression.Filter;
import io.millrace.transforms.expression.Projection;
import io.millrace.transforms.expression.TextExpression;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

public class RouteEventsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock FIVE_PAST = Clock.fixed(java.time.Instant.parse("2026-03-01T12:05:00Z"), ZoneOffset.UTC);

    private static final Route LONG_PLAYS = Route.named("long-plays")
            .withFilter(Filter.of("event.duration_s > 60 && event.country in ['US', 'CA']"))
            .withProjection(Projection.keeping(List.of("profile_id", "geo.city")))
            .withKey(TextExpression.of("event.profile_id"));
    private static final Route EVERYTHING = Route.named("everything");

    private static final Event LONG = play(
            0,
            "{\"profile_id\":\"p1\",\"duration_s\":90,\"country\":\"US\","
                    + "\"geo\":{\"country\":\"US\",\"city\":\"Reno\"}}");
    private static final Event SHORT = play(1, "{\"profile_id\":\"p2\",\"duration_s\":9,\"country\":\"US\"}");
    private static final Event BROKEN = play(2, "{\"profile_id\":\"p3\",\"duration_s\":90,\"country\":\"US\"");
    private static final Event INCOMPLETE = play(3, "{\"profile_id\":\"p4\",\"duration_s\":90}");
    private static final Event TOMBSTONE = Event.of(origin(4), bytes("k"), null);

    @Rule
    public final transient TestPipeline pipeline = TestPipeline.create();

    @Test
    public void givesEachRouteWhatItTakesAsItMakesIt() {
        Routed routed = route(LONG_PLAYS, EVERYTHING);

        PAssert.that(routed.route("long-plays"))
                .containsInAnyOrder(Event.of(
                        ResultId.of(origin(0)).madeBy("long-plays"),
                        bytes("p1"),
                        bytes("{\"profile_id\":\"p1\",\"geo\":{\"city\":\"Reno\"}}"),
                        LONG.headers()));
        PAssert.that(routed.route("everything"))
                .containsInAnyOrder(
                        unchanged(LONG),
                        unchanged(SHORT),
                        unchanged(BROKEN),
                        unchanged(INCOMPLETE),
                        unchanged(TOMBSTONE));
        pipeline.run();
    }

    @Test
    public void givesUpWhatARouteCannotProcessAndGoesOn() {
        PAssert.that(route(LONG_PLAYS, EVERYTHING).deadLetters())
                .containsInAnyOrder(
                        letter(BROKEN, "filter", Reason.NOT_JSON, "the document ends too early at byte 49"),
                        letter(INCOMPLETE, "filter", Reason.FILTER_FAILED, "no such field 'country'"),
                        letter(TOMBSTONE, "filter", Reason.NO_VALUE, "the event has no value"));
        pipeline.run();
    }

    @Test
    public void dropsWhatFailsOnlyIfTheDocumentIsSound() {
        Routed routed = route(LONG_PLAYS.withOnError(Route.OnError.DROP));

        PAssert.that(routed.deadLetters())
                .containsInAnyOrder(
                        letter(BROKEN, "filter", Reason.NOT_JSON, "the document ends too early at byte 49"),
                        letter(TOMBSTONE, "filter", Reason.NO_VALUE, "the event has no value"));
        assertThat(
                counters(pipeline.run(), "long-plays"),
                is(Map.of(
                        "in",
                        5L,
                        "filtered",
                        2L,
                        "dead_lettered",
                        2L,
                        "in_flight",
                        1L,
                        "dead_lettered_by.notJson",
                        1L,
                        "dead_lettered_by.noValue",
                        1L)));
    }

    @Test
    public void looksUpWhatAnEventLacksForOneRouteAlone() {
        Route cities = Route.named("cities")
                .withFilter(Filter.of("event.duration_s > 60"))
                .withLookups(List.of(
                        new Route.Lookup("city", TextExpression.of("event.profile_id"), Rows.of(Answers.Fate.GO_ON)),
                        new Route.Lookup("twin", TextExpression.of("event.city.twin"), Rows.of(Answers.Fate.GO_ON))))
                .withProjection(Projection.keeping(List.of("city.name", "twin.name")))
                .withKey(TextExpression.of("event.twin.name"));
        Route blind = Route.named("blind").withProjection(Projection.of(Map.of("seen", "has(event.city)")));

        Routed routed = route(cities, blind);

        PAssert.that(routed.route("cities"))
                .containsInAnyOrder(Event.of(
                        ResultId.of(origin(0)).madeBy("cities"),
                        bytes("Vienna"),
                        bytes("{\"city\":{\"name\":\"Graz\"},\"twin\":{\"name\":\"Vienna\"}}"),
                        LONG.headers().with("millrace-age-city", bytes("5")).with("millrace-age-twin", bytes("5"))));
        PAssert.that(routed.route("blind").apply(values()))
                .containsInAnyOrder("{\"seen\":false}", "{\"seen\":false}", "{\"seen\":false}");
        pipeline.run();
        assertThat(Rows.OPEN.get(), is(0));
    }

    @Test
    public void whatThereIsNothingOfIsAsItsAnswerSays() {
        Route dropping = Route.named("dropping").withLookups(List.of(lookup(Answers.Fate.DROP)));
        Route strict = Route.named("strict").withLookups(List.of(lookup(Answers.Fate.GIVE_UP)));
        Route plain = Route.named("plain").withLookups(List.of(lookup(Answers.Fate.GO_ON)));

        Routed routed = route(dropping, strict, plain);

        PAssert.that(routed.route("plain").apply(values()))
                .containsInAnyOrder(
                        text(LONG).replace("}}", "},\"city\":{\"name\":\"Graz\",\"twin\":\"p5\"}}"),
                        text(SHORT),
                        text(INCOMPLETE));
        PAssert.that(routed.route("dropping").apply("dropping", Count.globally()))
                .containsInAnyOrder(1L);
        PAssert.that(routed.deadLetters()
                        .apply(
                                "of strict",
                                org.apache.beam.sdk.transforms.Filter.by(
                                        (DeadLetter letter) -> letter.route().equals("strict"))))
                .containsInAnyOrder(
                        gaveUp(SHORT, Reason.LOOKUP_MISSED, "key 'p2': there is nothing of this key"),
                        gaveUp(INCOMPLETE, Reason.LOOKUP_MISSED, "key 'p4': there is nothing of this key"),
                        gaveUp(BROKEN, Reason.NOT_JSON, "the document ends too early at byte 49"),
                        gaveUp(TOMBSTONE, Reason.NO_VALUE, "the event has no value"));
        PipelineResult result = pipeline.run();
        assertThat(counters(result, "dropping").get("filtered"), is(2L));
        assertThat(counters(result, "strict").get("dead_lettered_by.lookupMissed"), is(2L));
    }

    private static Route.Lookup lookup(Answers.Fate ofMisses) {
        return new Route.Lookup("city", TextExpression.of("event.profile_id"), Rows.of(ofMisses));
    }

    private static DeadLetter gaveUp(Event event, Reason reason, String message) {
        return new DeadLetter(event, "strict", "enrich", reason, message, NOON);
    }

    private static String text(Event event) {
        return new String(event.value(), UTF_8);
    }

    private static MapElements<Event, String> values() {
        return MapElements.into(TypeDescriptors.strings()).via(RouteEventsTest::text);
    }

    /** Two rows of which one leads to the other. */
    private record Rows(Answers.Fate ofMisses) implements Answers {
        private static final AtomicInteger OPEN = new AtomicInteger();
        private static final Map<String, String> ROWS =
                Map.of("p1", "{\"name\":\"Graz\",\"twin\":\"p5\"}", "p5", "{\"name\":\"Vienna\"}");

        static Rows of(Answers.Fate ofMisses) {
            return new Rows(ofMisses);
        }

        @Override
        public void open() {
            OPEN.incrementAndGet();
        }

        @Override
        public Answer of(String key) {
            String row = ROWS.get(key);
            return row == null ? new Answer(ofMisses, null, 5) : new Answer(Fate.GO_ON, bytes(row), 5);
        }

        @Override
        public void report() {}

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    @Test
    public void saysWhichStepFailed() {
        Routed routed = route(
                Route.named("a").withProjection(Projection.of(Map.of("x", "event.country"))),
                Route.named("b").withKey(TextExpression.of("event.country")));

        PAssert.that(routed.deadLetters()).satisfies(letters -> {
            Map<String, String> reasons = new TreeMap<>();
            for (DeadLetter letter : letters) {
                if (letter.event().equals(INCOMPLETE)) {
                    reasons.put(
                            letter.route() + "/" + letter.step(),
                            letter.reason().text());
                }
            }
            assertThat(reasons, is(Map.of("a/project", "projectionFailed", "b/key", "keyFailed")));
            return null;
        });
        pipeline.run();
    }

    @Test
    public void readsNoDocumentThatNoExpressionLooksInto() {
        Routed routed = route(Route.named("traced").withFilter(Filter.of("'trace' in headers")));

        PAssert.that(routed.route("traced"))
                .containsInAnyOrder(Event.of(LONG.id().madeBy("traced"), LONG.key(), LONG.value(), LONG.headers()));
        PAssert.that(routed.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void countsWhatBecameOfEveryEvent() {
        route(LONG_PLAYS, EVERYTHING);

        PipelineResult result = pipeline.run();

        assertThat(
                counters(result, "long-plays"),
                is(Map.of(
                        "in",
                        5L,
                        "filtered",
                        1L,
                        "dead_lettered",
                        3L,
                        "in_flight",
                        1L,
                        "dead_lettered_by.notJson",
                        1L,
                        "dead_lettered_by.noValue",
                        1L,
                        "dead_lettered_by.filterFailed",
                        1L)));
        assertThat(counters(result, "everything"), is(Map.of("in", 5L, "filtered", 0L, "in_flight", 5L)));
        assertThat(lag(result), is(300_000L));
    }

    @Test
    public void passesARemovalOnAsItIsWhereTheRouteSaysThatThereAreSome() {
        Route plain = Route.named("plain").withProjection(Projection.of(Map.of("x", "event.country")));
        Route removing = Route.named("removing")
                .withProjection(Projection.of(Map.of("x", "event.country")))
                .withKey(TextExpression.of("event.country"))
                .withRemovals(true);
        Route looking = Route.named("looking")
                .withFilter(Filter.of("event.duration_s > 0"))
                .withRemovals(true);
        Routed routed = pipeline.apply(
                        Create.timestamped(at(LONG), at(TOMBSTONE)).withCoder(EventCoder.of()))
                .apply(RouteEvents.to(plain, removing, looking).withPipeline("plays"));

        PAssert.that(routed.route("removing"))
                .containsInAnyOrder(
                        Event.of(TOMBSTONE.id().madeBy("removing"), TOMBSTONE.key(), null, TOMBSTONE.headers()),
                        Event.of(LONG.id().madeBy("removing"), bytes("US"), bytes("{\"x\":\"US\"}"), LONG.headers()));
        PAssert.that(routed.route("plain").apply("PlainCount", Count.globally()))
                .containsInAnyOrder(1L);
        PAssert.that(routed.route("looking").apply("LookingCount", Count.globally()))
                .containsInAnyOrder(1L);
        PAssert.that(routed.deadLetters().apply(MapElements.via(new GivenUpFn())))
                .containsInAnyOrder("plain: null, project: noValue", "looking: null, filter: noValue");
        PipelineResult result = pipeline.run();

        assertThat(counters(result, "removing"), is(Map.of("in", 2L, "filtered", 0L, "in_flight", 2L)));
        assertThat(
                counters(result, "plain"),
                is(Map.of(
                        "in",
                        2L,
                        "filtered",
                        0L,
                        "dead_lettered",
                        1L,
                        "in_flight",
                        1L,
                        "dead_lettered_by.noValue",
                        1L)));
    }

    private static final class GivenUpFn extends SimpleFunction<DeadLetter, String> {
        private static final long serialVersionUID = 1;

        @Override
        public String apply(DeadLetter letter) {
            byte[] value = letter.event().value();
            return letter.route() + ": " + (value == null ? null : new String(value, UTF_8)) + ", " + letter.step()
                    + ": " + letter.reason().text();
        }
    }

    @Test
    public void givesMergedRoutesTogether() {
        Routed routed = plays().apply(RouteEvents.to(LONG_PLAYS, EVERYTHING, Route.named("apart"))
                .merging(List.of("long-plays", "everything")));

        PAssert.that(routed.merged()).satisfies(results -> {
            Map<List<String>, Long> routes = new HashMap<>();
            results.forEach(together -> routes.merge(
                    together.stream().map(result -> result.id().step()).toList(), 1L, Long::sum));
            assertThat(routes, is(Map.of(List.of("long-plays", "everything"), 1L, List.of("everything"), 4L)));
            return null;
        });
        PAssert.that(routed.route("apart").apply(Count.globally())).containsInAnyOrder(5L);
        IllegalArgumentException merged =
                assertThrows(IllegalArgumentException.class, () -> routed.route("everything"));
        assertThat(merged.getMessage(), is("route must be one of [apart], but was everything"));
        pipeline.run();
    }

    @Test
    public void givesAnEventToTheFirstRouteAlone() {
        Route american = Route.named("american").withFilter(Filter.of("event.country == 'US'"));
        Route rest = Route.named("rest");

        Routed routed = plays().apply(RouteEvents.to(LONG_PLAYS, american.withOnError(Route.OnError.DROP), rest)
                .withPipeline("plays")
                .withClock(FIVE_PAST)
                .matchingFirst());

        PAssert.that(routed.route("american"))
                .containsInAnyOrder(
                        Event.of(SHORT.id().madeBy("american"), SHORT.key(), SHORT.value(), SHORT.headers()));
        PAssert.that(routed.route("rest")).empty();
        PAssert.that(routed.deadLetters().apply(Count.globally())).containsInAnyOrder(3L);
        PipelineResult result = pipeline.run();
        assertThat(counters(result, "long-plays").get("dead_lettered"), is(3L));
        assertThat(counters(result, "american"), is(Map.of("in", 5L, "filtered", 4L, "in_flight", 1L)));
    }

    @Test
    public void givesWhatARouteDropsToTheNext() {
        Route dropping = LONG_PLAYS.withOnError(Route.OnError.DROP);

        Routed routed = plays().apply(RouteEvents.to(dropping, EVERYTHING).matchingFirst());

        PAssert.that(routed.route("everything")).containsInAnyOrder(unchanged(SHORT), unchanged(INCOMPLETE));
        pipeline.run();
    }

    @Test
    public void mergesOnlyRoutesThatThereAre() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> RouteEvents.to(EVERYTHING).merging(List.of("evrything")));

        assertThat(refused.getMessage(), is("merged routes must be among [everything], but were [evrything]"));
    }

    @Test
    public void aRouteHasNothingToDoWithWhatLiesBeforeItsStart() {
        RouteStarts starts = origin -> origin.offset() < 1 ? Set.of("everything") : Set.of();
        Routed routed = plays().apply(RouteEvents.to(LONG_PLAYS, EVERYTHING)
                .withPipeline("plays")
                .withClock(FIVE_PAST)
                .beginningAt(starts));

        PAssert.that(routed.route("everything")
                        .apply(
                                "offsets",
                                MapElements.into(TypeDescriptors.longs())
                                        .via(event -> event.id().origin().offset())))
                .containsInAnyOrder(1L, 2L, 3L, 4L);
        PAssert.that(routed.route("long-plays")
                        .apply(
                                "long offsets",
                                MapElements.into(TypeDescriptors.longs())
                                        .via(event -> event.id().origin().offset())))
                .containsInAnyOrder(0L);
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        assertThat(counters(result, "everything").get("in"), is(4L));
        assertThat(counters(result, "long-plays").get("in"), is(5L));
    }

    @Test
    public void refusesRoutesThatCannotBeToldApart() {
        IllegalArgumentException none = assertThrows(IllegalArgumentException.class, () -> RouteEvents.to(List.of()));
        IllegalArgumentException twice =
                assertThrows(IllegalArgumentException.class, () -> RouteEvents.to(EVERYTHING, EVERYTHING));

        assertThat(none.getMessage(), is("routes must not be empty"));
        assertThat(twice.getMessage(), is("names of routes must differ, but were [everything, everything]"));
    }

    @Test
    public void namesTheRoutesThereAre() {
        Routed routed = route(EVERYTHING);

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> routed.route("evrything"));

        assertThat(refused.getMessage(), is("route must be one of [everything], but was evrything"));
        pipeline.run();
    }

    private PCollection<Event> plays() {
        return pipeline.apply(Create.timestamped(at(LONG), at(SHORT), at(BROKEN), at(INCOMPLETE), at(TOMBSTONE))
                .withCoder(EventCoder.of()));
    }

    private Routed route(Route... routes) {
        return plays().apply(RouteEvents.to(routes).withPipeline("plays").withClock(FIVE_PAST));
    }

    private static TimestampedValue<Event> at(Event event) {
        return TimestampedValue.of(event, NOON);
    }

    private static Event play(long offset, String document) {
        Headers headers = offset == 0 ? Headers.builder().add("trace", "t1").build() : Headers.empty();
        return Event.of(ResultId.of(origin(offset)), bytes("k"), bytes(document), headers);
    }

    private static Event unchanged(Event event) {
        return Event.of(event.id().madeBy("everything"), event.key(), event.value(), event.headers());
    }

    private static DeadLetter letter(Event event, String step, Reason reason, String message) {
        return new DeadLetter(event, "long-plays", step, reason, message, NOON);
    }

    private static Origin origin(long offset) {
        return new Origin("c/plays", 0, offset);
    }

    private static Map<String, Long> counters(PipelineResult result, String route) {
        Map<String, Long> counters = new TreeMap<>();
        metrics(result, route)
                .getCounters()
                .forEach(counter -> counters.put(counter.getName().getName(), counter.getCommitted()));
        return counters;
    }

    private static long lag(PipelineResult result) {
        return metrics(result, "long-plays")
                .getGauges()
                .iterator()
                .next()
                .getCommitted()
                .getValue();
    }

    private static MetricQueryResults metrics(PipelineResult result, String route) {
        return result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.inNamespace(RouteMetrics.namespace("plays", route)))
                        .build());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
