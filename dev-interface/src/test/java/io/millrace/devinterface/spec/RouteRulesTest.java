package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.io.bulkhead.InFlight;
import io.millrace.io.bulkhead.OnSlow;
import io.millrace.io.kafka.KafkaParking;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class RouteRulesTest {
    private static final String SHARED = """
            name: plays
            isolation: shared
            source: {kafka: {bootstrapServers: "localhost:9092", topics: [plays]}}
            """;

    private static final String TWO_SOURCES = """
            name: plays
            isolation: shared
            sources:
              views: {kafka: {bootstrapServers: "a:1,b:1", topics: [views]}}
              clicks: {kafka: {bootstrapServers: "c:1", topics: [clicks], groupId: mine}}
            """;

    @Test
    public void readsASharedSpec() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("shared.yaml"), LOCAL);

        assertThat(spec.isShared(), is(true));
        assertThat(spec.match(), is(Match.FIRST));
        assertThat(spec.source(), is(nullValue()));
        assertThat(List.copyOf(spec.namedSources().keySet()), contains("backfill", "plays"));
        assertThat(spec.sources().get("plays").kafka().groupId(), is("millrace-shared-plays"));
        assertThat(spec.sources().get("backfill").kafka().groupId(), is("mine"));
        assertThat(
                spec.parking().kafka(),
                equalTo(new KafkaParking("localhost:9092", "plays-parked", 2, Map.of("linger.ms", "5"))));
        RouteSpec us = spec.routes().get(0);
        assertThat(us.from(), contains("plays"));
        assertThat(us.inFlight(), is(new InFlight(100, InFlight.DEFAULT.bytes())));
        assertThat(us.onSlow(), is(OnSlow.BLOCK));
        assertThat(spec.sourcesOf(us), is(Map.of("plays", spec.sources().get("plays"))));
        RouteSpec windows = spec.routes().get(1);
        assertThat(windows.from(), contains("backfill", "plays"));
        assertThat(windows.inFlight(), is(InFlight.DEFAULT));
        assertThat(windows.onSlow(), is(OnSlow.PARK));
    }

    @Test
    public void aRouteReadsEverySourceUnlessItSaysOtherwise() throws Exception {
        RouterSpec spec = read(TWO_SOURCES + "routes: [{name: all, sink: none}]");

        assertThat(spec.routes().get(0).from(), contains("clicks", "views"));
    }

    @Test
    public void aSharedRouteBlocksWhereThereIsNoParking() throws Exception {
        RouterSpec spec = read(SHARED + "routes: [{name: all, sink: none}]");

        assertThat(spec.routes().get(0).onSlow(), is(OnSlow.BLOCK));
        assertThat(spec.match(), is(Match.ALL));
    }

    @Test
    public void aSourceWithoutANameHasOneAllTheSame() throws Exception {
        RouterSpec spec = read(SHARED + "routes: [{name: all, sink: none}]");

        assertThat(spec.namedSources(), is(Map.of("source", spec.source())));
        assertThat(spec.pathOf("source"), is("source"));
        assertThat(spec.routes().get(0).from(), is(nullValue()));
    }

    @Test
    public void aSpecOfSomeRoutesReadsWhatTheseRead() throws Exception {
        RouterSpec spec = read(TWO_SOURCES + """
                routes:
                  - {name: one, from: [views], sink: none}
                  - {name: two, sink: none}
                """);

        RouterSpec one = spec.withRoutes(spec.routes().subList(0, 1));

        assertThat(List.copyOf(one.namedSources().keySet()), contains("views"));
        assertThat(one.pathOf("views"), is("sources.views"));
        assertThat(one.sourceVersion().equals(spec.sourceVersion()), is(false));
    }

    @Test
    public void refusesBothFormsOfSourceAndNone() {
        assertThat(
                problems(SHARED + "sources: {a: {files: {path: data}}}\nroutes: [{name: all, sink: none}]"),
                contains("spec: must have exactly one of source, sources"));
        assertThat(
                problems("name: plays\nroutes: [{name: all, sink: none}]"),
                contains("spec: must have exactly one of source, sources"));
        assertThat(
                problems("name: plays\nsources: {}\nroutes: [{name: all, sink: none}]"),
                contains("sources: must not be empty, but was {}"));
    }

    @Test
    public void refusesASourceWithoutAProperName() {
        assertThat(
                problems("name: a\nsources: {My_Plays: {files: {path: data}}}\nroutes: [{name: all, sink: none}]"),
                contains("sources.My_Plays: name must be lower-case letters, digits and '-', but was 'My_Plays'"));
    }

    @Test
    public void refusesToReadFromSourcesThatAreNotThere() {
        assertThat(
                problems(TWO_SOURCES + """
                        routes:
                          - {name: one, from: [veiws, plays], sink: none}
                          - {name: two, from: [], sink: none}
                          - {name: three, from: [views, views], sink: none}
                        """),
                contains(
                        "routes[0].from[0]: unknown source 'veiws', did you mean 'views'?",
                        "routes[0].from[1]: unknown source 'plays'; known: clicks, views",
                        "routes[1].from: must not be empty, but was []",
                        "routes[2].from: must differ, but was [views, views]"));
        assertThat(
                problems(SHARED + "routes: [{name: all, from: [plays], sink: none}]"),
                contains("routes[0].from: must not be given where there is one source, which every route reads"));
    }

    @Test
    public void refusesARouteWhoseEventsCouldNotBeToldApart() {
        String spec = """
                name: plays
                sources:
                  one: {files: {path: data/one}}
                  two: {files: {path: data/two}}
                  three: {kafka: {bootstrapServers: "a:1,b:1", topics: [plays, views]}}
                  four: {kafka: {bootstrapServers: "b:1", topics: [views]}}
                  five: {kafka: {bootstrapServers: "c:1", topics: [plays]}}
                """;

        assertThat(
                problems(spec + """
                        routes:
                          - {name: files, from: [one, two], sink: none}
                          - {name: topics, from: [three, four, five], sink: none}
                          - {name: right, from: [one, three, five], sink: none}
                        """),
                contains(
                        "routes[0].from: must have sources of files that differ in files.stream, since a line is known by that and its"
                                + " file's path below the folder, but has sources.one, sources.two",
                        "routes[1].from: must have each topic once, but has 'views' repeatedly"));
    }

    @Test
    public void refusesASourceThatNoRouteReads() {
        assertThat(
                problems(TWO_SOURCES + "routes: [{name: one, from: [views], sink: none}]"),
                contains("sources.clicks: must be read by a route, but no route has it in its from"));
    }

    @Test
    public void wantsAKeyWhereASinkWritesTombstones() {
        assertThat(
                problems(SHARED + """
                        routes:
                          - {name: all, sink: {kafka: {bootstrapServers: "b:1", topic: all, retract: tombstone}}}
                          - {name: keyed, key: event.id, sink: {kafka: {bootstrapServers: "b:1", topic: keyed, retract: tombstone}}}
                          - {name: free, sink: {kafka: {bootstrapServers: "b:1", topic: free, retract: record}}}
                        """), contains("routes[0].key: must be given, since retract: tombstone is for keys"));
    }

    @Test
    public void refusesTheFirstMatchOfIsolatedRoutes() {
        assertThat(
                problems(SHARED.replace("isolation: shared", "match: first") + "routes: [{name: all, sink: none}]"),
                contains(
                        "match: must be all where routes are isolated, since each is a job of its own that sees every event"));
    }

    @Test
    public void refusesARouteBehindOneThatTakesEverything() throws Exception {
        String problem =
                ": can never get an event, since with match: first a route before it without filter takes them all: such a"
                        + " route must be the last";

        assertThat(problems(SHARED + """
                        match: first
                        routes:
                          - {name: one, filter: event.a == 1, sink: none}
                          - {name: rest, sink: none}
                          - {name: two, filter: event.a == 2, sink: none}
                          - {name: other, sink: none}
                        """), contains("routes[2]" + problem, "routes[3]" + problem));
        assertThat(problems(TWO_SOURCES + """
                        match: first
                        routes:
                          - {name: views, from: [views], sink: none}
                          - {name: all, sink: none}
                          - {name: clicks, from: [clicks], sink: none}
                        """), contains("routes[2]" + problem));
    }

    @Test
    public void refusesASharedRoutesSettingsWhereRoutesAreIsolated() {
        String problem = ": must not be given where routes are isolated, since their sinks hold up no other route";

        assertThat(
                problems(SHARED.replace("isolation: shared", "isolation: isolated") + """
                        routes: [{name: all, sink: none, inFlight: {records: 5}, onSlow: fail}]
                        parking: {kafka: {bootstrapServers: "localhost:9092", topicPrefix: parked}}
                        """),
                contains("routes[0].inFlight" + problem, "routes[0].onSlow" + problem, "parking" + problem));
    }

    @Test
    public void saysNothingOfIsolationWhereItIsNotKnown() {
        assertThat(
                problems(SHARED.replace("isolation: shared", "isolation: split")
                        + "match: first\nroutes: [{name: all, sink: none, onSlow: fail}]"),
                contains("isolation: must be isolated or shared, but was 'split'"));
    }

    @Test
    public void refusesToParkWithoutParking() {
        assertThat(
                problems(SHARED + "routes: [{name: all, sink: none, onSlow: park}]"),
                contains("routes[0].onSlow: must be block or fail where the spec has no parking, but was park"));
        assertThat(
                problems(SHARED + "routes: [{name: all, sink: none, onSlow: prak, inFlight: {records: 0}}]"),
                contains(
                        "routes[0].onSlow: must be park or block or fail, but was 'prak'",
                        "routes[0].inFlight.records: must be at least 1, but was 0"));
        assertThat(
                problems(SHARED + "routes: [{name: all, sink: none}]\nparking: {}"),
                contains("parking.kafka: is required"));
    }

    @Test
    public void refusesARouteThatWritesToWhatItReads() {
        String cycle = SHARED + """
                routes:
                  - {name: same, sink: {kafka: {bootstrapServers: "other:9092, PLAINTEXT://LOCALHOST:9092", topic: plays}}}
                  - {name: elsewhere, sink: {kafka: {bootstrapServers: "localhost:9093", topic: plays}}}
                  - {name: other, sink: {kafka: {bootstrapServers: "localhost:9092", topic: others}}}
                deadLetters: {kafka: {bootstrapServers: "localhost:9092", topic: plays}}
                """;

        assertThat(
                problems(cycle),
                contains(
                        "routes[0].sink.kafka.topic: must not be a topic that the route reads, but 'plays' is one of"
                                + " source.kafka.topics",
                        "deadLetters.kafka.topic: must not be a topic that is read, but 'plays' is one of"
                                + " source.kafka.topics"));
        assertThat(
                problems(cycle.replace("isolation: shared", "isolation: isolated"))
                        .size(),
                is(2));
    }

    @Test
    public void takesARouteThatWritesToWhatAnotherReads() throws Exception {
        RouterSpec spec = read(TWO_SOURCES + """
                routes:
                  - {name: one, from: [clicks], sink: {kafka: {bootstrapServers: "b:1", topic: views}}}
                  - {name: two, from: [views], sink: none}
                """);

        assertThat(spec.routeNames(), contains("one", "two"));
    }

    @Test
    public void refusesToParkInTopicsThatAreReadOrWritten() {
        String problem =
                "parking.kafka.topicPrefix: must begin no other topic's name, since <topicPrefix>-<route> is where a route's"
                        + " events wait, but was 'play', and ";

        assertThat(
                problems("""
                        name: plays
                        isolation: shared
                        source: {kafka: {bootstrapServers: "a:1,b:1", topics: [play-events, play, plays-all]}}
                        routes:
                          - {name: one, sink: {kafka: {bootstrapServers: "b:1", topic: play-one}}}
                          - {name: two, sink: {kafka: {bootstrapServers: "c:1", topic: play-two}}}
                        parking: {kafka: {bootstrapServers: "b:1", topicPrefix: play}}
                        deadLetters: {kafka: {bootstrapServers: "b:1", topic: play-dead}}
                        """),
                contains(
                        problem + "source.kafka.topics has 'play-events'",
                        problem + "routes[0].sink.kafka.topic has 'play-one'",
                        problem + "deadLetters.kafka.topic has 'play-dead'"));
    }

    @Test
    public void asksForEventTimesOfTheSourcesThatAWindowedRouteReads() {
        assertThat(
                problems("""
                        name: plays
                        sources:
                          untimed: {files: {path: data}}
                          timed: {files: {path: data}, eventTime: event.ts}
                        routes:
                          - {name: one, from: [timed], sink: {windowed: {path: "s3://lake/one"}}}
                          - {name: two, from: [untimed], sink: {windowed: {path: "s3://lake/two"}}}
                        """),
                contains(
                        "routes[1].sink.windowed: needs event times, and files have none: sources.untimed.eventTime must be"
                                + " given"));
    }

    @Test
    public void refusesASinkInsideAFolderOfOneOfTheSources() {
        assertThat(
                problems("""
                        name: plays
                        sources: {one: {kafka: {bootstrapServers: "a:1", topics: [plays]}}, two: {files: {path: data/two}}}
                        routes: [{name: all, sink: {files: {path: data/two/out}}}]
                        """),
                contains(
                        "routes[0].sink.files.path: must lie outside of sources.two.files.path, whose files are read, but was"
                                + " 'data/two/out'"));
    }

    private static RouterSpec read(String text) throws SpecProblems {
        return SpecReader.read(text, LOCAL);
    }

    private static List<String> problems(String text) {
        return assertThrows(SpecProblems.class, () -> read(text)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }
}
