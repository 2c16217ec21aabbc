package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static java.util.stream.Collectors.toList;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.transforms.joiner.JoinType;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** What the joins of a spec are, and what must hold of them. */
public class JoinRulesTest {
    private static final String HEAD = """
            name: plays
            isolation: shared
            sources:
              views: {kafka: {bootstrapServers: "a:1", topics: [views]}}
              plays: {kafka: {bootstrapServers: "a:1", topics: [plays]}}
            """;

    private static final String SIDES =
            "left: {from: views, key: event.title}, right: {from: plays, key: event.title, looksBack: PT4H}";

    private static final String ROUTE = "routes: [{name: led, from: [led], sink: none}]\n";

    private static RouterSpec read(String spec) throws SpecProblems {
        return SpecReader.read(spec, LOCAL);
    }

    private static List<String> problems(String spec) {
        return assertThrows(SpecProblems.class, () -> read(spec)).problems().stream()
                .map(SpecProblem::toString)
                .collect(toList());
    }

    private static String joins(String led) {
        return "joins: {led: {" + led + "}}\n";
    }

    @Test
    public void aJoinHasDefaults() throws Exception {
        RouterSpec spec = read(HEAD + joins(SIDES) + ROUTE);

        JoinSpec join = spec.namedJoins().get("led");
        assertThat(join.type(), is(JoinType.INNER));
        assertThat(join.credit(), is(Credit.ALL));
        assertThat(join.creditOnce(), is(false));
        assertThat(join.emit(), is(Emit.COMPLETE));
        assertThat(join.allowedLateness(), is(Duration.ZERO));
        assertThat(join.list(), is(false));
        assertThat(join.granule(), is(nullValue()));
        assertThat(join.keyEntries(), is(10_000));
        assertThat(join.keyBytes(), is(4 << 20));
        assertThat(join.rates(), is(nullValue()));
        assertThat(join.traces(), is(nullValue()));
        assertThat(join.leftFirst(), is(Duration.ofHours(4)));
        assertThat(read(spec.json()), is(spec));
    }

    @Test
    public void allThatAJoinCanSayIsReadBackAsItWas() throws Exception {
        RouterSpec spec = read(HEAD + """
                joins:
                  led:
                    left: {from: views, filter: event.ok, key: event.title, keep: [row], id: event.id, waits: PT6H, looksBack: PT1M}
                    right: {from: plays, key: event.title, keep: {at: event.ts}, waits: PT2M, looksBack: PT4H}
                    type: fullOuter
                    credit: all
                    creditOnce: true
                    allowedLateness: PT5M
                    list: true
                    granule: PT30S
                    keyEntries: 100
                    keyBytes: 10000
                    rates: {by: event.title, window: PT1M}
                    traces: {share: 0.5, keys: [a, b]}
                """ + ROUTE);

        JoinSpec join = spec.namedJoins().get("led");
        assertThat(join.leftFirst(), is(Duration.ofHours(4)));
        assertThat(join.rates().window(), is(Duration.ofMinutes(1)));
        assertThat(join.traces().keys(), contains("a", "b"));
        assertThat(read(spec.json()), is(spec));
    }

    @Test
    public void aRouteOfAJoinReadsBothSourcesByIt() throws Exception {
        RouterSpec spec = read(HEAD + joins(SIDES) + """
                routes:
                  - {name: led, from: [led], sink: none}
                  - {name: all-plays, from: [plays], sink: none}
                """);
        RouteSpec led = spec.routes().get(0);
        RouteSpec plays = spec.routes().get(1);

        assertThat(List.copyOf(spec.sourcesOf(led).keySet()), contains("plays", "views"));
        assertThat(spec.readsDerived(led), is(true));
        assertThat(spec.keepsOrder(led), is(false));
        assertThat(List.copyOf(spec.sourcesOf(plays).keySet()), contains("plays"));
        assertThat(spec.keepsOrder(plays), is(true));
        RouterSpec playsAlone = spec.withRoutes(List.of(plays));
        assertThat(List.copyOf(playsAlone.namedSources().keySet()), contains("plays"));
        assertThat(playsAlone.namedJoins().isEmpty(), is(true));
        RouterSpec ledAlone = spec.withRoutes(List.of(led));
        assertThat(List.copyOf(ledAlone.namedSources().keySet()), contains("plays", "views"));
        assertThat(List.copyOf(ledAlone.namedJoins().keySet()), contains("led"));
    }

    @Test
    public void aJoinIsOfSourcesWithNames() {
        assertThat(
                problems("name: plays\nsource: {kafka: {bootstrapServers: \"a:1\", topics: [views]}}\n" + joins(SIDES)
                        + "routes: [{name: led, sink: none}]"),
                contains(
                        "joins.led: must be where there are sources by name, since a join reads two: sources in the place of source",
                        "joins.led: must be read by a route, by its name or that of its rates, but no route has it in its from",
                        "routes[0].from: is required where there are joins: the name of a join, or of sources"));
    }

    @Test
    public void refusesSourcesThatThereAreNot() {
        assertThat(
                problems(HEAD + joins(SIDES.replace("from: views", "from: vews")) + ROUTE),
                contains(
                        "sources.views: must be read by a route, but no route has it in its from",
                        "joins.led.left.from: unknown source 'vews', did you mean 'views'?"));
    }

    @Test
    public void refusesNamesThatAreTaken() {
        assertThat(
                problems(HEAD + "joins: {plays: {" + SIDES + "}}\nroutes: [{name: a, from: [plays], sink: none}]"),
                contains(
                        "joins.plays: must be named otherwise, since routes would read by one name what it gives and another source or join: plays"));
    }

    @Test
    public void refusesAJoinOfWhichOnlyTracesAreRead() {
        assertThat(
                problems(HEAD + joins(SIDES + ", traces: {share: 1}")
                        + "routes: [{name: a, from: [led-traces], sink: none}]"),
                contains(
                        "joins.led: must be read by a route, by its name or that of its rates, but no route has it in its from"));
    }

    @Test
    public void aJoinIsReadAlone() {
        assertThat(
                problems(HEAD + joins(SIDES) + "routes: [{name: a, from: [led, plays], sink: none}]"),
                contains("routes[0].from: must have a join alone, and no other source beside it, but was led, plays"));
    }

    @Test
    public void ratesAndTracesAreThereWhereTheJoinSaysSo() {
        assertThat(
                problems(HEAD + joins(SIDES)
                        + "routes: [{name: a, from: [led], sink: none}, {name: b, from: [led-rates], sink: none}]"),
                contains("routes[1].from[0]: unknown source 'led-rates'; known: led, plays, views"));
    }

    @Test
    public void filesOfAJoinHaveTimesAndNames() {
        assertThat(
                problems("""
                        name: plays
                        sources:
                          views: {files: {path: views}}
                          plays: {files: {path: plays}, eventTime: event.ts}
                        """ + joins(SIDES) + ROUTE),
                contains(
                        "joins.led: needs event times, and files have none: sources.views.eventTime must be given",
                        "routes[0].from: must have sources of files that differ in files.stream, since a line is known by that and its"
                                + " file's path below the folder, but has sources.views, sources.plays"));
    }

    @Test
    public void refusesWhatContradictsItself() {
        assertThat(
                problem("left: {from: views, key: event.t}, right: {from: plays, key: event.t}"),
                contains(
                        "joins.led: join must say how far a left event may be before a right one: by left.waits, right.looksBack or both"));
        assertThat(
                problem("left: {from: plays, key: event.t}, right: {from: plays, key: event.t, looksBack: PT1H}"),
                contains("joins.led: join must have a filter on both sides where both come from one source, plays"));
        assertThat(
                problem(SIDES + ", creditOnce: true, emit: match"),
                contains(
                        "joins.led.creditOnce: must be false with emit: match, since which right event is the earliest is known when"
                                + " it is complete"));
        assertThat(
                problem(SIDES + ", granule: PT5H"),
                contains(
                        "joins.led.granule: must be at most how far a left event may be before a right one, PT4H, but was PT5H"));
        assertThat(
                problem(SIDES + ", granule: PT1M, credit: first"),
                contains("joins.led.granule: must be with credit: all, since left events are merged"));
        assertThat(
                problem(SIDES + ", rates: {by: event.title}"),
                contains(
                        "joins.led.rates: must be with creditOnce: true and emit: complete, so that a left event is counted once"));
        assertThat(
                problem(SIDES + ", allowedLateness: -PT1S"),
                contains("joins.led.allowedLateness: must be at least 0, but was PT-1S"));
        assertThat(
                problem(SIDES + ", traces: {}"),
                contains("joins.led.traces.share: must be above 0 where there are no keys, but was 0.0"));
    }

    @Test
    public void aFolderHasNeitherCorrectionsNorRatesWithoutWindows() {
        assertThat(
                problems(HEAD + joins(SIDES + ", emit: match")
                        + "routes: [{name: led, from: [led], sink: {files: {path: out}}}]"),
                contains(
                        "routes[0].sink.files: must not be a sink of objects where joins.led has emit: match, since an object has each"
                                + " result once, and not its correction too"));
        assertThat(
                problems(HEAD + joins(SIDES + ", creditOnce: true, rates: {by: event.title}")
                        + "routes: [{name: led, from: [led-rates], sink: {files: {path: out}}}]"),
                contains(
                        "routes[0].sink.files: must have a window, since rates are of as many streams as there are values that they are"
                                + " counted by"));
    }

    @Test
    public void aSourceMayHaveTheNameThatRatesWouldHave() throws Exception {
        RouterSpec spec = read(
                HEAD.replace("plays:", "led-rates:") + joins(SIDES.replace("from: plays", "from: led-rates")) + """
                routes:
                  - {name: led, from: [led], sink: none}
                  - {name: plays, from: [led-rates], sink: none}
                """);

        assertThat(spec.readsDerived(spec.routes().get(1)), is(false));
        assertThat(spec.namedJoins().get("led").resultsAndRates("led"), contains("led"));
    }

    @Test
    public void refusesBoundsThatNobodyCanReckonWith() {
        assertThat(
                problem(SIDES.replace("PT4H", "P40000D")),
                contains("joins.led.right.looksBack: must be at most PT876000H, but was PT960000H"));
    }

    private static List<String> problem(String join) {
        return problems(HEAD + joins(join) + ROUTE);
    }
}
