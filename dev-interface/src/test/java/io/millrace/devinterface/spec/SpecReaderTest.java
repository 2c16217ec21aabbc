package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL_CLUSTER;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.kafka.KafkaSink;
import io.millrace.io.kafka.KafkaSource;
import io.millrace.io.kafka.KafkaStart;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.transforms.router.Route.OnError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SpecReaderTest {
    private static final String SMALL = """
            name: small
            source: {kafka: {bootstrapServers: "localhost:9092", topics: [plays]}}
            routes: [{name: all, sink: none}]
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsEverythingThatASpecCanSay() throws Exception {
        RouterSpec spec = SpecReader.read(Samples.text("play-events.yaml"), REMOTE);

        assertThat(spec.name(), is("play-events"));
        assertThat(
                spec.source().kafka(),
                equalTo(KafkaSource.of("localhost:9092", "play_events")
                        .withGroupId("millrace-play-events")
                        .withStop(KafkaStop.parse("2026-02-01T00:00:00Z"))
                        .withProperties(Map.of("security.protocol", "PLAINTEXT", "max.poll.records", "500"))));
        assertThat(spec.source().eventTime().source(), is("event.ts"));
        assertThat(spec.source().eventTimes().idleAfter(), is(nullValue()));
        assertThat(spec.source().maxAhead(), is(Duration.ofHours(2)));
        RouteSpec route = spec.routes().get(0);
        assertThat(route.filter().source(), is("event.duration_s > 60 && event.country in [\"US\", \"CA\"]"));
        assertThat(
                List.copyOf(route.project().computed().entrySet()),
                contains(Map.entry("profile_id", "event.profile_id"), Map.entry("minutes", "event.duration_s / 60.0")));
        assertThat(route.onError(), is(OnError.DROP));
        assertThat(route.key().source(), is("event.profile_id"));
        assertThat(route.sink().name(), is("kafka"));
        assertThat(spec.routes().get(1).project().kept(), contains("profile_id", "geo.country"));
        assertThat(
                spec.routes().get(2).sink().config(),
                equalTo(new WindowedSinkProvider.Settings(
                        "s3://lake/play-events",
                        Duration.ofMinutes(5),
                        true,
                        1,
                        WindowedSinkProvider.Detail.FIRST_AND_LAST,
                        List.of("a", "b"),
                        Map.of("depth", "2"),
                        new WindowedSinkProvider.Login("me", 3),
                        Optional.of("n"))));
    }

    @Test
    public void fillsInWhatIsLeftOut() throws Exception {
        RouterSpec spec = read(SMALL);

        assertThat(spec.version(), is(1));
        assertThat(spec.isolation(), is(Isolation.ISOLATED));
        assertThat(spec.source().kafka().groupId(), is("millrace-small"));
        assertThat(spec.source().kafka().start(), is(KafkaStart.EARLIEST));
        assertThat(spec.source().maxOutOfOrderness(), is(Duration.ofSeconds(10)));
        assertThat(spec.source().idleAfter().duration(), is(Duration.ofSeconds(30)));
        assertThat(spec.source().maxEventsPerSecond(), is(nullValue()));
        assertThat(spec.routes().get(0).onError(), is(OnError.DEAD_LETTER));
        assertThat(spec.routes().get(0).filter(), is(nullValue()));
        assertThat(spec.deadLetters().localPath(), is(Optional.of("out/small/dead-letters")));
    }

    @Test
    public void takesANumberOrABooleanForAnExpression() throws Exception {
        RouterSpec spec = read(SMALL.replace("sink: none", "sink: none, filter: true, project: {one: 1}"));

        assertThat(spec.routes().get(0).filter().source(), is("true"));
        assertThat(spec.routes().get(0).project().computed(), equalTo(Map.of("one", "1")));
    }

    @Test
    public void takesAnAliasForItsAnchorsValue() throws Exception {
        RouterSpec spec = read("""
                name: aliases
                source: {kafka: {bootstrapServers: &servers "b:1", topics: [t]}}
                routes:
                  - {name: one, sink: &sink {kafka: {bootstrapServers: *servers, topic: u}}}
                  - {name: two, sink: *sink}
                """);

        assertThat(spec.routes().get(1).sink(), equalTo(spec.routes().get(0).sink()));
        assertThat(spec.routes().get(1).sink().config(), equalTo(KafkaSink.of("b:1", "u")));
    }

    @Test
    public void readsAFileInUtf8() throws Exception {
        Path file = folder.newFile().toPath();
        Files.writeString(file, SMALL);

        assertThat(SpecReader.read(file, LOCAL), equalTo(read(SMALL)));
    }

    @Test
    public void reportsAFileThatCannotBeRead() throws Exception {
        Path missing = folder.getRoot().toPath().resolve("missing.yaml");
        Path latin = Files.write(folder.newFile().toPath(), new byte[] {'a', ':', (byte) 0xe9});

        assertThat(
                problems(missing),
                contains("spec: file " + missing + " must be readable, but there is no file '" + missing + "'"));
        assertThat(
                problems(folder.getRoot().toPath()),
                contains("spec: file " + folder.getRoot() + " must be readable, but '" + folder.getRoot()
                        + "' is a folder"));
        assertThat(problems(latin), contains("spec: file " + latin + " must be UTF-8 text"));
    }

    @Test
    public void reportsEveryProblemInTheOrderOfTheText() {
        assertThat(
                problems("""
                        version: 2
                        name: Play events
                        isolation: split
                        source:
                          kafka: {bootstrapServers: "localhost:9092", topics: [], start: noon, generation: -1.5}
                          maxAhead: 1h
                          eventTimes: event.ts
                        routes:
                          - name: a
                            filter: evnt.x
                          - name: a
                            project: {x: [], y: 5}
                            onError: dorp
                            sink: {kafka: {bootstrapServers: "b:1", topik: t}}
                          - filter: |
                              event.x &&
                              evnt.y
                            sink: {elastic: {}}
                          - 7
                        sinks: {}
                        """, REMOTE),
                contains(
                        "deadLetters: is required where the pipeline runs on a cluster",
                        "version: must be 1, but was 2",
                        "name: must be lower-case letters, digits and '-', but was 'Play events'",
                        "isolation: must be isolated or shared, but was 'split'",
                        "source.kafka.start: must be earliest, latest or an RFC 3339 time, but was noon",
                        "source.kafka.generation: must be a whole number, but was -1.5",
                        "source.maxAhead: must be a duration such as PT10S or PT1H30M, but was '1h'",
                        "source.eventTimes: unknown key, did you mean 'eventTime'?",
                        "routes[0].sink: is required",
                        "routes[0].filter: line 1, column 1: undeclared reference to 'evnt'",
                        "routes[1].name: must be unique, but 'a' is also routes[0].name",
                        "routes[1].project.x: must be an expression, but was a list",
                        "routes[1].onError: must be deadLetter or drop, but was 'dorp'",
                        "routes[1].sink.kafka.topic: is required",
                        "routes[1].sink.kafka.topik: unknown key, did you mean 'topic'?",
                        "routes[2].name: is required",
                        "routes[2].filter: line 2, column 1: undeclared reference to 'evnt'",
                        "routes[2].sink: unknown sink 'elastic'; known: console, elasticsearch, evcache, files, kafka, none, s3, windowed",
                        "routes[3]: must be a mapping, but was the number 7",
                        "sinks: unknown key; known: version, name, isolation, match, source, sources, joins, views, routes, parking, s3,"
                                + " deadLetters"));
    }

    @Test
    public void knowsWhereInTheTextAProblemIs() {
        SpecProblem problem = assertThrows(SpecProblems.class, () -> read(SMALL.replace("[plays]", "plays")))
                .problems()
                .get(0);

        assertThat(problem, equalTo(new SpecProblem("source.kafka.topics", "must be a list, but was 'plays'", 2, 62)));
    }

    @Test
    public void givesOneProblemALine() {
        SpecProblems problems =
                assertThrows(SpecProblems.class, () -> read("name: a\n\"a\\nb\": 1\nsource: 1\nroutes: []\n"));

        assertThat(problems.getMessage(), is("""
                        ['a\\u000ab']: unknown key; known: version, name, isolation, match, source, sources, joins, views, routes, parking, s3, deadLetters
                        source: must be a mapping, but was the number 1
                        routes: must not be empty"""));
    }

    @Test
    public void putsWhatARecordRefusesAtItsComponent() {
        assertThat(
                problems(SMALL.replace("[plays]", "[]"), LOCAL),
                contains("source.kafka.topics: must not be empty, but was []"));
        assertThat(
                problems(
                        SMALL.replace("sink: none", "sink: {windowed: {path: a, login: {user: u, attempts: 0}}}"),
                        LOCAL),
                contains("routes[0].sink.windowed.login.attempts: must be at least 1, but was 0"));
        assertThat(
                problems(SMALL.replace("topics: [plays]}", "topics: [plays]}, maxEventsPerSecond: 0"), LOCAL),
                contains("source.maxEventsPerSecond: must be above 0, but was 0.0"));
        assertThat(
                problems(SMALL.replace("topics: [plays]}", "topics: [plays]}, maxAhead: -PT1S"), LOCAL),
                contains("source.maxAhead: must be at least 0, but was PT-1S"));
    }

    @Test
    public void refusesAValueOfTheWrongType() {
        assertThat(
                problems(
                        SMALL.replace(
                                "sink: none",
                                "sink: {windowed: {path: 5, sync: yes, maxBytes: 9223372036854775808, detail: most, marks: {},"
                                        + " options: {a: []}, note: null, login: false}}"),
                        LOCAL),
                contains(
                        "routes[0].sink.windowed.path: must be text, but was the number 5",
                        "routes[0].sink.windowed.sync: must be true or false, but was 'yes'",
                        "routes[0].sink.windowed.maxBytes: must be from -9223372036854775808 to 9223372036854775807, but was "
                                + "9223372036854775808",
                        "routes[0].sink.windowed.detail: must be all or firstAndLast, but was 'most'",
                        "routes[0].sink.windowed.marks: must be a list, but was a mapping",
                        "routes[0].sink.windowed.options.a: must be text, but was a list",
                        "routes[0].sink.windowed.note: must be text, but was empty",
                        "routes[0].sink.windowed.login: must be a mapping, but was false"));
    }

    @Test
    public void refusesAKeyGivenTwice() {
        assertThat(problems(SMALL + "name: other\n", LOCAL), contains("name: given twice"));
        assertThat(
                problems(SMALL.replace("[plays]", "[plays], properties: {a: 1, a: 2}"), LOCAL),
                contains("source.kafka.properties.a: given twice"));
    }

    @Test
    public void refusesASourceOfBothKindsOrNone() {
        assertThat(
                problems(SMALL.replace("source: {", "source: {files: {path: a}, "), LOCAL),
                contains("source: must have exactly one of kafka, files"));
        assertThat(
                problems("name: a\nsource: {}\nroutes: [{name: a, sink: none}]", LOCAL),
                contains("source: must have exactly one of kafka, files"));
    }

    @Test
    public void refusesASinkThatIsNoneOrSeveral() {
        assertThat(
                problems(SMALL.replace("sink: none", "sink: {none: {}, console: {}}"), LOCAL),
                contains("routes[0].sink: must name one sink, but was a mapping of 2"));
        assertThat(
                problems(SMALL.replace("sink: none", "sink: kafak"), LOCAL),
                contains("routes[0].sink: unknown sink 'kafak', did you mean 'kafka'?"));
        assertThat(
                problems(SMALL.replace("sink: none", "sink: kafka"), LOCAL),
                contains(
                        "routes[0].sink.kafka.bootstrapServers: is required",
                        "routes[0].sink.kafka.topic: is required"));
    }

    @Test
    public void refusesASinkInsideTheFolderThatIsRead() throws Exception {
        String loop = """
                name: loop
                source: {files: {path: data}}
                routes:
                  - {name: same, sink: {files: {path: data}}}
                  - {name: below, sink: {files: {path: other/../data/out}}}
                  - {name: hidden, sink: {files: {path: data/_out}}}
                  - {name: beside, sink: {files: {path: data-out}}}
                deadLetters: {files: {path: data/dead}}
                """;

        assertThat(
                problems(loop, LOCAL),
                containsInAnyOrder(
                        "routes[0].sink.files.path: must lie outside of source.files.path, whose files are read, but was 'data'",
                        "routes[1].sink.files.path: must lie outside of source.files.path, whose files are read, but was"
                                + " 'other/../data/out'",
                        "deadLetters.files.path: must lie outside of source.files.path, whose files are read, but was"
                                + " 'data/dead'"));
    }

    @Test
    public void refusesASinkWhoseObjectsTheSourcesGlobMatches() {
        String loop = """
                name: loop
                source: {files: {path: "data/*.jsonl"}}
                routes:
                  - {name: same, sink: {files: {path: data}}}
                  - {name: below, sink: {files: {path: data/out}}}
                """;

        assertThat(
                problems(loop, LOCAL),
                contains(
                        "routes[0].sink.files.path: must lie outside of source.files.path, whose files are read, but was"
                                + " 'data'"));
    }

    @Test
    public void refusesAWindowedSinkWhereTheSourceHasNoEventTimes() throws Exception {
        String files = """
                name: files
                source: {files: {path: data}}
                routes: [{name: all, sink: {files: {path: out, window: PT1M}}}]
                """;

        assertThat(
                problems(files, LOCAL),
                contains(
                        "routes[0].sink.files: needs event times, and files have none: source.eventTime must be given"));
        assertThat(
                read(files.replace("{path: data}", "{path: data}, eventTime: event.ts"))
                        .source()
                        .hasEventTimes(),
                is(true));
    }

    @Test
    public void refusesPathsOfThisMachineForACluster() throws Exception {
        String files = """
                name: files
                source: {files: {path: data}}
                routes: [{name: all, sink: {files: {path: out}}}]
                deadLetters: {files: {path: dead}}
                """;

        assertThat(
                problems(files, REMOTE),
                contains(
                        "source.files.path: must not be a path of this machine, which a cluster's workers do not share, but was"
                                + " 'data'",
                        "routes[0].sink.files.path: must not be a path of this machine, which a cluster's workers do not share,"
                                + " but was 'out'",
                        "deadLetters.files.path: must not be a path of this machine, which a cluster's workers do not share,"
                                + " but was 'dead'"));
        assertThat(read(files).deadLetters().localPath(), is(Optional.of("dead")));
    }

    @Test
    public void refusesRelativePathsForAClusterOnThisMachine() {
        assertThat(
                problems("""
                        name: files
                        source: {files: {path: /data}}
                        routes:
                          - {name: one, sink: {files: {path: out}}}
                          - {name: two, sink: {files: {path: "file:///out"}}}
                        """, LOCAL_CLUSTER),
                contains(
                        "deadLetters: is required where the pipeline runs on a cluster",
                        "routes[0].sink.files.path: must be absolute, since a cluster's processes have working folders of their"
                                + " own, but was 'out'"));
    }

    @Test
    public void inlinesTheStartOffsetsOfAFile() throws Exception {
        Path file = folder.newFile("offsets.json").toPath();
        Files.writeString(file, "{ \"plays\": {\"1\": 7, \"0\": 9223372036854775807} }\n");
        String spec = SMALL.replace("[plays]", "[plays], startOffsets: " + file);

        assertThat(read(spec).source().kafka().startOffsets(), is("{\"plays\":{\"0\":9223372036854775807,\"1\":7}}"));
    }

    @Test
    public void refusesStartOffsetsThatAreNone() {
        String rule =
                "source.kafka.startOffsets: must be a JSON file such as {\"plays\": {\"0\": 123}}, or that JSON itself, but ";

        assertThat(
                problems(SMALL.replace("[plays]", "[plays], startOffsets: no/such"), LOCAL),
                contains(rule + "there is no file 'no/such' in " + Path.of("").toAbsolutePath()));
        assertThat(
                problems(SMALL.replace("[plays]", "[plays], startOffsets: '{\"plays\": {\"x\": -1}}'"), LOCAL),
                contains(rule
                        + "plays.x: must be a whole number, but was x; plays.x: must be from 0 to 9223372036854775807, but"
                        + " was -1"));
    }

    private static RouterSpec read(String text) throws SpecProblems {
        return SpecReader.read(text, LOCAL);
    }

    private static List<String> problems(String text, Target target) {
        return texts(assertThrows(SpecProblems.class, () -> SpecReader.read(text, target)));
    }

    private static List<String> problems(Path file) {
        return texts(assertThrows(SpecProblems.class, () -> SpecReader.read(file, LOCAL)));
    }

    private static List<String> texts(SpecProblems problems) {
        return problems.problems().stream().map(SpecProblem::toString).toList();
    }
}
