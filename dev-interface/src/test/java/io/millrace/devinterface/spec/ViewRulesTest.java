package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL_CLUSTER;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toList;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.files.FilePublish;
import io.millrace.io.http.HttpPublish;
import io.millrace.io.kafka.RequestTopic;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** What the views of a spec are, and what must hold of them. */
public class ViewRulesTest {
    private static final String HEAD = """
            name: assets
            isolation: shared
            sources:
              assets: {kafka: {bootstrapServers: "a:1", topics: [assets]}}
              scans: {kafka: {bootstrapServers: "a:1", topics: [scans]}}
            """;

    private static final String FILES = """
            name: assets
            sources: {assets: {files: {path: assets}}}
            """;

    private static final String CHANGE = "from: assets, key: event.movie";

    private static final String BOTH = "changes: [{" + CHANGE + "}, {from: scans, key: event.movie}]";

    private static final String CONTROL = "control: {kafka: {bootstrapServers: \"a:1\", topic: asked}}";

    private static final String PAGES = "http: {url: \"http://b/assets\", items: assets%s}, key: event.movie";

    private static final String ROUTE = "routes: [{name: cache, from: [locations], sink: none}]\n";

    private static RouterSpec read(String spec) throws SpecProblems {
        return SpecReader.read(spec, LOCAL);
    }

    private static List<String> problems(String spec) {
        return problems(spec, LOCAL);
    }

    private static List<String> problems(String spec, Target target) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(spec, target)).problems().stream()
                .map(SpecProblem::toString)
                .collect(toList());
    }

    private static String views(String locations) {
        return "views: {locations: {" + locations + "}}\n";
    }

    private static List<String> problem(String view) {
        return problems(HEAD + views(BOTH + ", " + view) + ROUTE);
    }

    private static List<String> problemOfPublish(String publish) {
        return problem("publish: {" + publish + "}");
    }

    private static List<String> problemOfRoute(String settings) {
        return problems(HEAD + views(BOTH) + "routes: [{name: cache, from: [locations], " + settings + "}]");
    }

    @Test
    public void aViewHasDefaults() throws Exception {
        RouterSpec spec = read(HEAD + views(BOTH + ", publish: {files: {path: all}, key: event.movie}") + ROUTE);

        ViewSpec view = requireNonNull(spec.namedViews().get("locations"));
        assertThat(view.every(), is(Duration.ofSeconds(1)));
        assertThat(view.flushRate(), is(10_000.0));
        assertThat(view.retention(), is(Duration.ofDays(1)));
        assertThat(view.keyItems(), is(10_000));
        assertThat(view.keyBytes(), is(1 << 20));
        assertThat(view.control(), is(nullValue()));
        ViewChangesSpec changes = view.changes().get(0);
        assertThat(changes.filter(), is(nullValue()));
        assertThat(changes.item(), is(nullValue()));
        assertThat(changes.keep(), is(nullValue()));
        assertThat(changes.removes(), is(nullValue()));
        assertThat(changes.version(), is(nullValue()));
        ViewPublishSpec publish = requireNonNull(view.publish());
        assertThat(publish.from(), is(new FilePublish("all")));
        assertThat(publish.filter(), is(nullValue()));
        assertThat(publish.item(), is(nullValue()));
        assertThat(publish.keep(), is(nullValue()));
        assertThat(publish.every(), is(nullValue()));
        assertThat(publish.lag(), is(Duration.ZERO));
        assertThat(publish.entriesPerSecond(), is(20_000.0));
        assertThat(read(spec.json()), is(spec));
    }

    @Test
    public void allThatAViewCanSayIsReadBackAsItWas() throws Exception {
        RouterSpec spec = read(HEAD + """
                views:
                  locations:
                    changes:
                      - {from: assets, filter: event.ok, key: event.movie, item: event.appliance, keep: [appliance, path],
                         removes: event.gone, version: event.seq}
                      - {from: scans, key: event.movie, keep: {at: event.path}, version: event.seen}
                    publish:
                      http: {url: "http://b/assets", items: assets, next: next, nextParameter: cursor, version: asOf}
                      filter: event.ok
                      key: event.movie
                      item: event.appliance
                      keep: [appliance, path]
                      every: PT6H
                      lag: PT5M
                      entriesPerSecond: 500
                    every: PT5S
                    flushRate: 100
                    retention: P2D
                    keyItems: 50
                    keyBytes: 1000
                    control: {kafka: {bootstrapServers: "a:1", topic: asked, properties: {client.id: c}}}
                """ + ROUTE);

        ViewSpec view = requireNonNull(spec.namedViews().get("locations"));
        assertThat(view.changes().stream().map(ViewChangesSpec::from).toList(), contains("assets", "scans"));
        ViewPublishSpec publish = requireNonNull(view.publish());
        assertThat(publish.from(), instanceOf(HttpPublish.class));
        assertThat(publish.every(), is(Duration.ofHours(6)));
        assertThat(publish.lag(), is(Duration.ofMinutes(5)));
        assertThat(publish.entriesPerSecond(), is(500.0));
        assertThat(view.every(), is(Duration.ofSeconds(5)));
        assertThat(view.flushRate(), is(100.0));
        assertThat(view.retention(), is(Duration.ofDays(2)));
        assertThat(view.keyItems(), is(50));
        assertThat(view.keyBytes(), is(1_000));
        RequestTopic asked = requireNonNull(view.control()).kafka();
        assertThat(asked.topic(), is("asked"));
        assertThat(asked.repliesTopic(), is("asked-replies"));
        RouterSpec again = read(spec.json());
        assertThat(again, is(spec));
        assertThat(again.json(), is(spec.json()));
    }

    @Test
    public void aRouteOfAViewReadsItsSourcesByIt() throws Exception {
        RouterSpec spec = read(HEAD + views(BOTH) + """
                routes:
                  - {name: cache, from: [locations], sink: none}
                  - {name: all-scans, from: [scans], sink: none}
                """);
        RouteSpec cache = spec.routes().get(0);
        RouteSpec scans = spec.routes().get(1);

        assertThat(List.copyOf(spec.sourcesOf(cache).keySet()), contains("assets", "scans"));
        assertThat(spec.readsViews(cache), is(true));
        assertThat(spec.readsDerived(cache), is(true));
        assertThat(spec.keepsOrder(cache), is(false));
        assertThat(List.copyOf(spec.sourcesOf(scans).keySet()), contains("scans"));
        assertThat(spec.readsViews(scans), is(false));
        assertThat(spec.keepsOrder(scans), is(true));
    }

    @Test
    public void whatNobodyReadsIsLeftOutWithItsReaders() throws Exception {
        RouterSpec spec = read(HEAD + """
                views:
                  locations: {changes: [{from: assets, key: event.movie}]}
                  seen: {changes: [{from: scans, key: event.movie}]}
                routes:
                  - {name: cache, from: [locations], sink: none}
                  - {name: last-seen, from: [seen], sink: none}
                """);
        RouteSpec cache = spec.routes().get(0);

        for (RouterSpec alone : List.of(spec.withRoutes(List.of(cache)), spec.readingForAlone(cache))) {
            assertThat(List.copyOf(alone.namedViews().keySet()), contains("locations"));
            assertThat(List.copyOf(alone.namedSources().keySet()), contains("assets"));
        }
        assertThat(spec.withRoutes(List.of(cache)).routeNames(), contains("cache"));
        assertThat(spec.readingForAlone(cache).routeNames(), contains("cache", "last-seen"));
    }

    @Test
    public void joinsAndViewsAreMadeOfSources() throws Exception {
        RouterSpec spec = read(HEAD + """
                joins:
                  seen: {left: {from: assets, key: event.movie}, right: {from: scans, key: event.movie, looksBack: PT1H}}
                """ + views(BOTH) + """
                routes:
                  - {name: seen, from: [seen], sink: none}
                  - {name: cache, from: [locations], sink: none}
                """);

        assertThat(List.copyOf(spec.derivedSources().keySet()), contains("seen", "locations"));
        assertThat(spec.derivedSources().get("seen"), is(spec.namedJoins().get("seen")));
        assertThat(spec.derivedSources().get("locations"), is(spec.namedViews().get("locations")));
        assertThat(spec.readsViews(spec.routes().get(0)), is(false));
        assertThat(
                read("name: a\nsource: {files: {path: a}}\nroutes: [{name: a, sink: none}]")
                        .derivedSources()
                        .size(),
                is(0));
    }

    @Test
    public void aViewIsOfSourcesWithNames() {
        assertThat(
                problems("name: assets\nsource: {kafka: {bootstrapServers: \"a:1\", topics: [assets]}}\n" + views(BOTH)
                        + "routes: [{name: cache, sink: none}]"),
                contains(
                        "views.locations: must be where sources have names, by which a view reads them: sources in the place of source"));
    }

    @Test
    public void refusesSourcesThatThereAreNot() {
        assertThat(
                problems(HEAD + views(BOTH.replace("from: scans", "from: scan")) + ROUTE),
                contains(
                        "sources.scans: must be read by a route, but no route has it in its from",
                        "views.locations.changes[1].from: unknown source 'scan', did you mean 'scans'?"));
    }

    @Test
    public void aViewIsNotMadeOfAView() {
        assertThat(
                problems(HEAD + """
                        views:
                          locations: {changes: [{from: assets, key: event.movie}]}
                          more: {changes: [{from: locations, key: event.movie}, {from: scans, key: event.movie}]}
                        routes: [{name: cache, from: [locations], sink: none}, {name: more, from: [more], sink: none}]
                        """),
                contains("views.more.changes[0].from: unknown source 'locations'; known: assets, scans"));
    }

    @Test
    public void refusesNamesThatAreTaken() {
        assertThat(
                problems(HEAD + "views: {scans: {" + BOTH + "}}\nroutes: [{name: a, from: [scans], sink: none}]"),
                contains(
                        "views.scans: must be named otherwise, since routes read another source or join by this name"));
        assertThat(
                problems(HEAD + """
                        joins:
                          seen:
                            left: {from: assets, key: event.movie}
                            right: {from: scans, key: event.movie, looksBack: PT1H}
                            creditOnce: true
                            rates: {by: event.movie}
                        views: {seen-rates: {changes: [{from: assets, key: event.movie}]}}
                        routes: [{name: a, from: [seen-rates], sink: none}, {name: b, from: [seen], sink: none}]
                        """),
                contains(
                        "views.seen-rates: must be named otherwise, since routes read another source or join by this name"));
    }

    @Test
    public void aViewIsReadByARoute() {
        assertThat(
                problems(HEAD + views(BOTH) + "routes: [{name: a, from: [assets], sink: none}]"),
                contains("views.locations: must be read by a route, but no route has it in its from"));
        assertThat(
                problems(HEAD + views(BOTH)
                        + "routes: [{name: a, from: [assets], sink: none}, {name: b, from: [locations]}]"),
                contains("routes[1].sink: is required"));
    }

    @Test
    public void aRouteBesideAViewSaysWhatItReads() {
        assertThat(
                problems(HEAD + views(BOTH)
                        + "routes: [{name: cache, from: [locations], sink: none}, {name: b, sink: none}]"),
                contains("routes[1].from: is required where there are views: the name of a view, or of sources"));
    }

    @Test
    public void aRouteWithoutFromIsToldOnceBesideJoinsAndViews() {
        assertThat(
                problems(HEAD + """
                        joins:
                          seen: {left: {from: assets, key: event.movie}, right: {from: scans, key: event.movie, looksBack: PT1H}}
                        """ + views(BOTH) + """
                        routes:
                          - {name: seen, from: [seen], sink: none}
                          - {name: cache, from: [locations], sink: none}
                          - {name: b, sink: none}
                        """),
                contains("routes[2].from: is required where there are joins: the name of a join, or of sources"));
    }

    @Test
    public void aViewIsReadAlone() {
        assertThat(
                problems(HEAD + views(BOTH) + "routes: [{name: a, from: [locations, scans], sink: none}]"),
                contains(
                        "routes[0].from: must have a view alone, and no other source beside it, but was locations, scans"));
    }

    @Test
    public void whereAZoneMayBeOwedSomethingDocumentsHaveTheirVersion() throws Exception {
        String zones = "zones: {a: [\"a:1\"]}";
        String cache = "sink: {evcache: {" + zones + "}}";
        List<String> lacks =
                List.of("routes[0].project: must keep 'version', the sink's versionField: without it a zone that is"
                        + " away holds up all others, since it cannot be owed what it misses");

        assertThat(problemOfRoute("project: [key, items], " + cache), is(lacks));
        assertThat(problemOfRoute("project: {key: event.key}, " + cache), is(lacks));
        assertThat(
                problemOfRoute("sink: {evcache: {" + zones + ", versionField: since}}"),
                contains(lacks.get(0).replace("'version'", "'since'")));
        for (String settings : List.of(
                cache,
                "project: [version, items], " + cache,
                "project: {since: event.version}, sink: {evcache: {" + zones + ", versionField: since}}",
                "project: {key: event.key}, sink: none")) {
            read(HEAD + views(BOTH) + "routes: [{name: cache, from: [locations], " + settings + "}]");
        }
    }

    @Test
    public void aRouteOfAViewLeavesNothingOutAndNamesNothingAnew() {
        String why = ": must not be given where the route reads a view: ";
        assertThat(
                problemOfRoute("filter: event.version > 1, sink: none"),
                contains("routes[0].filter" + why + "views.<name>.changes have a filter"));
        assertThat(
                problemOfRoute("script: {source: \"function filter(e) { return true; }\"}, sink: none"),
                contains("routes[0].script" + why + "what it leaves out would stay as it was"));
        assertThat(
                problemOfRoute(
                        "enrich: [{into: a, key: event.key, table: {keyField: id, files: {path: t}}}], sink: none"),
                contains("routes[0].enrich" + why
                        + "a key is told when it changes, and not when what is looked up does"));
        assertThat(
                problemOfRoute("key: event.key, sink: none"),
                contains("routes[0].key" + why + "the view's key is that of what is written"));
        assertThat(
                problemOfRoute("sink: {files: {path: out}}"),
                contains(
                        "routes[0].sink.files: must not be a sink of objects where the route reads a view, since an object keeps what"
                                + " was, and a view says what is"));
        assertThat(
                problemOfRoute("sink: {s3: {path: \"s3://lake/view\"}}"),
                contains(
                        "routes[0].sink.s3: must not be a sink of objects where the route reads a view, since an object keeps what"
                                + " was, and a view says what is"));
    }

    @Test
    public void refusesWhatMakesNoSense() {
        assertThat(
                problems(HEAD + views("changes: []") + ROUTE),
                contains("views.locations.changes: must not be empty, but was []"));
        assertThat(
                problem("every: PT0S"),
                contains("views.locations.every: must be at least a millisecond, but was PT0S"));
        assertThat(problem("flushRate: 0"), contains("views.locations.flushRate: must be more than 0, but was 0.0"));
        assertThat(
                problem("retention: PT0S"),
                contains("views.locations.retention: must be at least a millisecond, but was PT0S"));
        assertThat(
                problem("keyItems: 0"), contains("views.locations.keyItems: must be from 1 to 2147483647, but was 0"));
        assertThat(
                problem("keyBytes: 0"), contains("views.locations.keyBytes: must be from 1 to 2147483647, but was 0"));
        assertThat(
                problem("control: {kafka: {bootstrapServers: \"a:1\", topic: \"\"}}"),
                contains("views.locations.control.kafka.topic: must not be empty, but was ''"));
    }

    @Test
    public void aPublishComesFromOnePlace() {
        assertThat(
                problemOfPublish("key: event.movie"),
                contains("views.locations.publish: must have exactly one of http, files"));
        assertThat(
                problemOfPublish(PAGES.formatted("") + ", files: {path: all}"),
                contains("views.locations.publish: must have exactly one of http, files"));
        assertThat(
                problemOfPublish(PAGES.formatted("") + ", every: PT0.5S"),
                contains("views.locations.publish.every: must be at least a second, but was PT0.5S"));
        assertThat(
                problemOfPublish(PAGES.formatted("") + ", lag: -PT1S"),
                contains("views.locations.publish.lag: must be at least 0, but was PT-1S"));
        assertThat(
                problemOfPublish("files: {path: all}, key: event.movie, lag: PT1M"),
                contains(
                        "views.locations.publish.lag: must be PT0S with files, whose version is when they were changed, but was PT1M"));
        assertThat(
                problemOfPublish(PAGES.formatted("") + ", entriesPerSecond: 0"),
                contains("views.locations.publish.entriesPerSecond: must be more than 0, but was 0.0"));
    }

    @Test
    public void eventsWithoutTimesHaveVersions() throws Exception {
        assertThat(
                problems(FILES + views("changes: [{" + CHANGE + "}]") + ROUTE),
                contains("views.locations.changes[0].version: is required where events are of files and have no time:"
                        + " sources.assets.eventTime would be another way"));
        read(FILES + views("changes: [{" + CHANGE + ", version: event.seq}]") + ROUTE);
        read(FILES.replace("assets}}}", "assets}, eventTime: event.ts}}")
                + views("changes: [{" + CHANGE + "}]")
                + ROUTE);
    }

    @Test
    public void versionsOfEventsAreComparedWithOneThatAPublishSays() throws Exception {
        String versioned =
                "changes: [{from: scans, key: event.movie}, {" + CHANGE + ", version: event.seq}], publish: {";
        assertThat(
                problems(HEAD + views(versioned + PAGES.formatted("") + "}") + ROUTE),
                contains(
                        "views.locations.publish.http.version: is required where views.locations.changes[1].version is, since otherwise"
                                + " the version of a publish is the time when it began: it must be comparable with those of the events"));
        assertThat(
                problems(HEAD + views(versioned + "files: {path: all}, key: event.movie}") + ROUTE),
                contains(
                        "views.locations.changes[1].version: must not be given where publish is of files, whose version is the time of"
                                + " their last change: without it the version is the event's time, by sources.assets.eventTime"));
        read(HEAD + views(versioned + PAGES.formatted(", version: asOf") + "}") + ROUTE);
        read(HEAD + views(BOTH + ", publish: {" + PAGES.formatted("") + "}") + ROUTE);
        read(HEAD + views(BOTH + ", publish: {files: {path: all}, key: event.movie}") + ROUTE);
    }

    @Test
    public void nobodyIsAskedWhereARunEnds() {
        assertThat(
                problems(FILES + views("changes: [{" + CHANGE + ", version: event.seq}], " + CONTROL) + ROUTE),
                contains(
                        "views.locations.control: must not be given where all that the view reads ends, since then nobody is there who"
                                + " could be asked"));
    }

    /** What is not known need not end. */
    @Test
    public void aSourceThatIsNotThereIsNotTakenForOneThatEnds() {
        assertThat(
                problems(HEAD + views("changes: [{from: asset, key: event.movie}], " + CONTROL) + ROUTE),
                contains(
                        "sources.assets: must be read by a route, but no route has it in its from",
                        "sources.scans: must be read by a route, but no route has it in its from",
                        "views.locations.changes[0].from: unknown source 'asset', did you mean 'assets'?"));
    }

    @Test
    public void aViewThatIsAskedIsOne() throws Exception {
        String routes =
                "routes: [{name: a, from: [locations], sink: none}, {name: b, from: [locations], sink: none}]\n";
        String asked = views(BOTH + ", " + CONTROL) + routes;
        assertThat(
                problems(HEAD.replace("shared", "isolated") + asked),
                contains(
                        "views.locations.control: must not be given where 2 isolated routes read the view, since each has a job with a"
                                + " view of its own: isolation: shared makes it one"));
        read(HEAD + asked);
        read(HEAD.replace("shared", "isolated") + views(BOTH + ", " + CONTROL) + ROUTE);
        read(HEAD.replace("shared", "isolated") + views(BOTH) + routes);
    }

    @Test
    public void requestsHaveATopicOfTheirOwn() {
        String own = "views.locations.control.kafka.topic: must be the view's own, and so must <topic>-replies, but ";
        String asked = HEAD + views(BOTH + ", " + CONTROL);
        assertThat(
                problems(asked.replace("topics: [scans]", "topics: [asked]") + ROUTE),
                contains(own + "sources.scans.kafka.topics has 'asked'"));
        assertThat(
                problems(asked + ROUTE.replace("none", "{kafka: {bootstrapServers: \"a:1\", topic: asked-replies}}")),
                contains(own + "routes[0].sink.kafka.topic has 'asked-replies'"));
        assertThat(
                problems(asked + ROUTE + "deadLetters: {kafka: {bootstrapServers: \"a:1\", topic: asked}}"),
                contains(own + "deadLetters.kafka.topic has 'asked'"));
        assertThat(
                problems(asked + ROUTE + "parking: {kafka: {bootstrapServers: \"a:1\", topicPrefix: asked}}"),
                contains(
                        "parking.kafka.topicPrefix: must begin no other topic's name, since <topicPrefix>-<route> is where a route's"
                                + " events wait, but was 'asked', and views.locations.control.kafka.topic has 'asked-replies'"));
    }

    @Test
    public void aTopicIsOfRequestsToOneViewAlone() {
        assertThat(
                problems(HEAD + """
                        views:
                          locations: {changes: [{from: assets, key: event.movie}], control: {kafka: {bootstrapServers: "a:1", topic: asked}}}
                          seen: {changes: [{from: scans, key: event.movie}], control: {kafka: {bootstrapServers: "a:1", topic: asked}}}
                        routes: [{name: a, from: [locations], sink: none}, {name: b, from: [seen], sink: none}]
                        """),
                contains("views.seen.control.kafka.topic: must be the view's own, and so must <topic>-replies, but"
                        + " views.locations.control.kafka.topic has 'asked'"));
        assertThat(
                problems(HEAD + views(BOTH + ", " + CONTROL) + """
                        routes:
                          - {name: cache, from: [locations], sink: none}
                          - name: scripted
                            from: [scans]
                            script: {dynamic: {kafka: {bootstrapServers: "a:1", topic: asked}}}
                            sink: none
                        """),
                contains("views.locations.control.kafka.topic: must be the view's own, and so must <topic>-replies, but"
                        + " routes[1].script.dynamic.kafka.topic has 'asked'"));
    }

    @Test
    public void whatAViewIsMadeOfIsNotWrittenByItsRoutes() {
        assertThat(
                problems(HEAD
                        + views(BOTH)
                        + ROUTE.replace("none", "{kafka: {bootstrapServers: \"a:1\", topic: scans}}")),
                contains("routes[0].sink.kafka.topic: must not be a topic that the route reads, but 'scans' is one of"
                        + " sources.scans.kafka.topics"));
        assertThat(
                problems(HEAD + views(BOTH + ", publish: {files: {path: data}, key: event.movie}") + ROUTE
                        + "deadLetters: {files: {path: data/dead}}"),
                contains(
                        "deadLetters.files.path: must lie outside of views.locations.publish.files.path, whose files are read, but was"
                                + " 'data/dead'"));
    }

    @Test
    public void filesOfAPublishAreWhereWorkersFindThem() throws Exception {
        String spec = HEAD + views(BOTH + ", publish: {files: {path: all}, key: event.movie}") + ROUTE
                + "deadLetters: {kafka: {bootstrapServers: \"a:1\", topic: dead}}\n";
        assertThat(
                problems(spec, REMOTE),
                contains(
                        "views.locations.publish.files.path: must not be a path of this machine, which a cluster's workers do not"
                                + " share, but was 'all'"));
        assertThat(
                problems(spec, LOCAL_CLUSTER),
                contains(
                        "views.locations.publish.files.path: must be absolute, since a cluster's processes have working folders of"
                                + " their own, but was 'all'"));
        SpecReader.read(spec.replace("path: all", "path: /data/all"), LOCAL_CLUSTER);
        SpecReader.read(spec.replace("path: all", "path: \"s3://lake/all\""), REMOTE);
    }
}
