package io.millrace.devinterface.spec;

import static io.millrace.devinterface.spec.SpecReader.Target.LOCAL;
import static io.millrace.devinterface.spec.SpecReader.Target.REMOTE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.io.files.FileTable;
import io.millrace.io.http.HttpLookup;
import io.millrace.io.http.HttpTable;
import io.millrace.io.jdbc.JdbcTable;
import io.millrace.io.kafka.ChangelogTopic;
import io.millrace.io.kafka.KafkaStop;
import io.millrace.io.memcached.MemcachedLookup;
import io.millrace.io.s3.S3Table;
import io.millrace.io.source.EventTimes;
import io.millrace.io.table.JsonTable;
import io.millrace.transforms.enricher.CacheSettings;
import io.millrace.transforms.enricher.CallSettings;
import io.millrace.transforms.enricher.OnMiss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Lookups of routes: how they are read, and what is said of those that are wrong. */
public class EnrichRulesTest {
    private static final String HTTP = "http: {url: \"http://localhost:8080/history/{key}\"}";

    private static String spec(String top, String... lookups) {
        return "name: plays\n" + top + "source: {files: {path: plays.jsonl}}\nroutes:\n  - name: all\n    enrich:\n"
                + "      - {" + String.join("}\n      - {", lookups) + "}\n    sink: console\n";
    }

    private static List<String> problems(String top, String... lookups) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(spec(top, lookups), LOCAL)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }

    private static EnrichSpec lookup(String lookup) throws SpecProblems {
        return SpecReader.read(spec("", lookup), LOCAL)
                .routes()
                .get(0)
                .lookups()
                .get(0);
    }

    @Test
    public void readsWhatALookupMustSay() throws Exception {
        EnrichSpec lookup = lookup("into: history, key: event.profile_id, " + HTTP);

        assertThat(lookup.into(), is("history"));
        assertThat(lookup.key().source(), is("event.profile_id"));
        assertThat(lookup.provider(), is(HttpLookup.of("http://localhost:8080/history/{key}")));
        assertThat(lookup.beforeFilter(), is(false));
        assertThat(lookup.maxInFlight(), is(64));
        assertThat(lookup.onMiss(), is(OnMiss.PASS));
    }

    @Test
    public void readsEverythingThatALookupCanSay() throws Exception {
        EnrichSpec lookup = lookup("into: history, key: event.profile_id, " + HTTP
                + ", beforeFilter: true, maxInFlight: 1000, callsPerSecond: 99.5,"
                + " calls: {timeout: PT1S, giveUpAfter: PT1M, firstBackoff: PT0.2S, longestBackoff: PT9S, openShare: 0.25,"
                + " openOver: 50, openFor: PT3S},"
                + " cache: {maxAge: PT10M, maxEntries: 5, refreshAfter: PT5M, maxAgeOfMisses: PT30S},"
                + " onMiss: default, missing: '{\"plays\": 0}'");

        assertThat(lookup.beforeFilter(), is(true));
        assertThat(lookup.maxInFlight(), is(1_000));
        assertThat(lookup.callsPerSecond(), is(99.5));
        assertThat(
                lookup.calls().settings(),
                is(new CallSettings(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(9),
                        0.25,
                        50,
                        Duration.ofSeconds(3))));
        assertThat(
                lookup.cache().settings(),
                is(new CacheSettings(5, Duration.ofMinutes(10), Duration.ofMinutes(5), Duration.ofSeconds(30))));
        assertThat(lookup.missing(), is("{\"plays\": 0}"));
        RouterSpec spec = SpecReader.read(spec("", "into: a, key: key, " + HTTP), LOCAL);
        assertThat(SpecReader.read(spec.json(), LOCAL), is(spec));
    }

    @Test
    public void aDatabaseCanAnswer() throws Exception {
        EnrichSpec lookup = lookup(
                "into: title, key: event.title_id,"
                        + " jdbc: {url: \"jdbc:postgresql://localhost/videos\", table: titles, keyColumn: id, columns: [name, year]}");

        assertThat(lookup.jdbc().table(), is("titles"));
        assertThat(lookup.provider(), is(lookup.jdbc()));
    }

    @Test
    public void memcachedCanAnswer() throws Exception {
        EnrichSpec lookup = lookup("into: title, key: event.title_id,"
                + " memcached: {servers: [\"localhost:11211\", \"cache:1\"], keyPrefix: \"video:\", user: millrace,"
                + " password: \"${env:PASSWORD}\"}");

        assertThat(
                lookup.provider(),
                is(MemcachedLookup.of("localhost:11211", "cache:1")
                        .withKeyPrefix("video:")
                        .withUser("millrace", "${env:PASSWORD}")));
        assertThat(
                problems("", "into: a, key: key, memcached: {servers: [cache]}"),
                contains("routes[0].enrich[0].memcached.servers: must each be host:port, but was 'cache'"));
    }

    @Test
    public void whatIsLeftOutOfCallsAndACacheIsAsItIsWithoutThem() throws Exception {
        EnrichSpec lookup = lookup("into: history, key: key, " + HTTP + ", calls: {}, cache: {maxAge: PT10M}");

        assertThat(lookup.calls().settings(), is(CallSettings.DEFAULT));
        assertThat(lookup.cache().settings(), is(CacheSettings.of(100_000, Duration.ofMinutes(10))));
    }

    @Test
    public void saysWhatIsWrong() {
        assertThat(
                problems("", "into: '', key: key, " + HTTP),
                contains("routes[0].enrich[0].into: must not be empty, but was ''"));
        assertThat(
                problems("", "into: a, key: key"),
                contains("routes[0].enrich[0]: must have exactly one of http, jdbc, memcached, table, changelog"));
        assertThat(
                problems("", "into: a, key: key, " + HTTP + ", callsPerSecond: 0"),
                contains("routes[0].enrich[0].callsPerSecond: must be above 0, but was 0.0"));
        assertThat(
                problems("", "into: a, key: key, " + HTTP + ", onMiss: default"),
                contains("routes[0].enrich[0].missing: must be given with onMiss: default, and only then"));
        assertThat(
                problems("", "into: a, key: key, " + HTTP + ", onMiss: default, missing: '{'"),
                contains("routes[0].enrich[0].missing: must be a value of JSON, but was '{'"));
        assertThat(
                problems("", "into: a, key: key, " + HTTP + ", cache: {maxAge: PT1S, refreshAfter: PT2S}"),
                contains(
                        "routes[0].enrich[0].cache.refreshAfter: must be positive and shorter than maxAge, but was PT2S and"
                                + " PT1S"));
        assertThat(
                problems("", "into: a, key: key, " + HTTP + ", calls: {timeout: PT0S}"),
                contains("routes[0].enrich[0].calls.timeout: must be at least a millisecond, but was PT0S"));
    }

    @Test
    public void twoAnswersCannotHaveOneField() {
        assertThat(
                problems("", "into: a, key: key, " + HTTP, "into: a, key: key, " + HTTP),
                contains("routes[0].enrich: must put each answer into a field of its own, but was into [a, a]"));
    }

    @Test
    public void whichRouteIsTheFirstIsKnownBeforeLookups() {
        assertThat(
                problems("isolation: shared\nmatch: first\n", "into: a, key: key, beforeFilter: true, " + HTTP),
                contains(
                        "routes[0].enrich[0].beforeFilter: must be false with match: first, since which route an event goes to is"
                                + " decided by filters alone"));
    }

    private static final String TABLE = "into: video, key: event.video_id, table: {keyField: id, ";

    @Test
    public void aTableCanBeHeld() throws Exception {
        EnrichSpec lookup = lookup(TABLE + "files: {path: videos.jsonl}, reloadEvery: PT10M}");

        assertThat(lookup.table().source(), is(new JsonTable("id", new FileTable("videos.jsonl"))));
        assertThat(lookup.table().reloadEvery(), is(Duration.ofMinutes(10)));
        assertThat(lookup.asks(), is(false));
        RouterSpec spec = SpecReader.read(spec("", TABLE + "files: {path: videos.jsonl}}"), LOCAL);
        assertThat(SpecReader.read(spec.json(), LOCAL), is(spec));
    }

    @Test
    public void aTableWithoutARowIsOneOnlyWhereTheSpecSaysSo() throws Exception {
        JsonTable table = new JsonTable("id", new FileTable("videos.jsonl"));

        assertThat(table.mayBeEmpty(), is(false));
        assertThat(
                lookup(TABLE + "files: {path: videos.jsonl}, allowEmpty: true}")
                        .table()
                        .source(),
                is(table.allowingEmpty()));
        assertThat(table.allowingEmpty().mayBeEmpty(), is(true));
    }

    @Test
    public void aTableMayTakeSoMuchMemory() throws Exception {
        String files = TABLE + "files: {path: videos.jsonl}, maxHeldBytes: ";

        assertThat(
                lookup(files + "5000000000}").table().source(),
                is(new JsonTable("id", new FileTable("videos.jsonl")).withMaxHeldBytes(5_000_000_000L)));
        assertThat(
                problems("", files + "0}"),
                contains("routes[0].enrich[0].table.maxHeldBytes: must be at least 1, but was 0"));
    }

    @Test
    public void aTableIsLoadedFromWhereTheSpecSays() throws Exception {
        assertThat(
                lookup(TABLE + "s3: {path: \"s3://lake/videos.jsonl.gz\"}}")
                        .table()
                        .source()
                        .rows(),
                is(new S3Table("s3://lake/videos.jsonl.gz")));
        assertThat(
                lookup(TABLE + "http: {url: \"http://localhost:8080/videos\"}}")
                        .table()
                        .source()
                        .rows(),
                is(HttpTable.of("http://localhost:8080/videos")));
        assertThat(
                lookup(TABLE + "jdbc: {url: \"jdbc:postgresql://localhost/videos\", table: videos}}")
                        .table()
                        .source()
                        .rows(),
                is(JdbcTable.of("jdbc:postgresql://localhost/videos", "videos")));
    }

    @Test
    public void theKeyOfATableIsOneOfTheColumnsThatAreChosen() throws Exception {
        EnrichSpec lookup = lookup(TABLE + "jdbc: {url: \"jdbc:x:y\", table: videos, columns: [title, '\"id\"']}}");

        assertThat(lookup.table().jdbc().columns(), contains("title", "\"id\""));
    }

    @Test
    public void saysWhatIsWrongWithATable() {
        String files = TABLE + "files: {path: videos.jsonl}";
        String ofCalls = " must not be given with table, which asks nobody";
        assertThat(
                problems("", files + "}, callsPerSecond: 5"),
                contains("routes[0].enrich[0].callsPerSecond:" + ofCalls));
        assertThat(problems("", files + "}, calls: {}"), contains("routes[0].enrich[0].calls:" + ofCalls));
        assertThat(problems("", files + "}, cache: {maxAge: PT1S}"), contains("routes[0].enrich[0].cache:" + ofCalls));
        assertThat(problems("", files + "}, maxInFlight: 5"), contains("routes[0].enrich[0].maxInFlight:" + ofCalls));
        assertThat(
                problems("", files + "}, " + HTTP),
                contains("routes[0].enrich[0]: must have exactly one of http, jdbc, memcached, table, changelog"));
        assertThat(
                problems("", "into: a, key: key, table: {keyField: id}"),
                contains("routes[0].enrich[0].table: must have exactly one of files, s3, http, jdbc"));
        assertThat(
                problems("", files + ", s3: {path: \"s3://lake/videos\"}}"),
                contains("routes[0].enrich[0].table: must have exactly one of files, s3, http, jdbc"));
        assertThat(
                problems("", files + ", reloadEvery: PT0.5S}"),
                contains("routes[0].enrich[0].table.reloadEvery: must be at least a second, but was PT0.5S"));
        assertThat(
                problems("", "into: a, key: key, table: {keyField: '', files: {path: a}}"),
                contains("routes[0].enrich[0].table.keyField: must not be empty"));
        assertThat(
                problems("", TABLE + "jdbc: {url: \"jdbc:x:y\", table: videos, columns: [title, ID]}}"),
                contains("routes[0].enrich[0].table.keyField: must be one of jdbc.columns, but was 'id'"));
        assertThat(
                problems("", TABLE + "s3: {path: \"s3://lake/\"}}"),
                contains(
                        "routes[0].enrich[0].table.s3.path: must be s3://BUCKET/OBJECT without a glob, but was 's3://lake/'"));
    }

    @Test
    public void aFileOfATableMustBeWhereWorkersAre() {
        List<String> problems = assertThrows(
                        SpecProblems.class,
                        () -> SpecReader.read(
                                spec("deadLetters: none\n", TABLE + "files: {path: /data/videos.jsonl}}")
                                        .replace(
                                                "files: {path: plays.jsonl}",
                                                "files: {path: \"s3://lake/plays.jsonl\"}"),
                                REMOTE))
                .problems()
                .stream()
                .map(SpecProblem::toString)
                .toList();

        assertThat(
                problems,
                contains(
                        "routes[0].enrich[0].table.files.path: must not be a path of this machine, which a cluster's workers do"
                                + " not share, but was '/data/videos.jsonl'"));
    }

    private static final String TOPIC = "kafka: {bootstrapServers: \"localhost:9092\", topic: profiles}";
    private static final String CHANGELOG = "into: profile, key: event.profile_id, changelog: {" + TOPIC;

    private static String ofKafka(String stop, String... lookups) {
        return spec("", lookups)
                .replace(
                        "files: {path: plays.jsonl}",
                        "kafka: {bootstrapServers: \"localhost:9092\", topics: [plays], stop: " + stop + "}");
    }

    private static RouterSpec changelog(String stop, String settings) throws SpecProblems {
        return SpecReader.read(ofKafka(stop, CHANGELOG + settings + "}"), LOCAL);
    }

    @Test
    public void aChangelogCanAnswer() throws Exception {
        EnrichSpec lookup = changelog("never", "").routes().get(0).lookups().get(0);

        assertThat(lookup.changelog().kafka(), is(new ChangelogTopic("localhost:9092", "profiles", Map.of())));
        assertThat(lookup.changelog().times(), is(EventTimes.ofRecords().checkingRecords()));
        assertThat(lookup.changelog().timeToLive(), is(nullValue()));
        assertThat(lookup.changelog().allowedLateness(), is(Duration.ZERO));
        assertThat(lookup.asks(), is(false));
    }

    @Test
    public void readsEverythingThatAChangelogCanSay() throws Exception {
        RouterSpec spec = changelog(
                "never",
                ", maxOutOfOrderness: PT1S, maxAhead: PT5M, idleAfter: never, timeToLive: P30D, allowedLateness: PT1M");
        ChangelogSpec changelog = spec.routes().get(0).lookups().get(0).changelog();

        assertThat(
                changelog.times(),
                is(EventTimes.ofRecords()
                        .checkingRecords()
                        .withMaxAhead(Duration.ofMinutes(5))
                        .withMaxOutOfOrderness(Duration.ofSeconds(1))
                        .withIdleAfter(null)));
        assertThat(changelog.timeToLive(), is(Duration.ofDays(30)));
        assertThat(changelog.allowedLateness(), is(Duration.ofMinutes(1)));
        assertThat(SpecReader.read(spec.json(), LOCAL), is(spec));
    }

    @Test
    public void aChangelogIsReadAsFarAsTheEventsAre() throws Exception {
        for (String stop : List.of("never", "end", "2026-01-31T00:00:00Z")) {
            RouterSpec spec = changelog(stop, "");
            assertThat(spec.stopOf(spec.routes().get(0)), is(KafkaStop.parse(stop)));
        }
    }

    @Test
    public void aChangelogThatIsReadOtherwiseIsAnotherSource() throws Exception {
        String before = changelog("never", "").sourceVersion();

        assertThat(
                changelog("never", ", timeToLive: P1D, allowedLateness: PT1M").sourceVersion(), is(before));
        assertThat(changelog("never", ", idleAfter: PT1S").sourceVersion().equals(before), is(false));
        assertThat(
                SpecReader.read(ofKafka("never", "into: a, key: key, " + HTTP), LOCAL)
                        .sourceVersion(),
                is(SpecReader.read(ofKafka("never", "into: b, key: key, " + HTTP), LOCAL)
                        .sourceVersion()));
    }

    @Test
    public void saysWhatIsWrongWithAChangelog() {
        String ofCalls = " must not be given with changelog, which asks nobody";
        assertThat(
                wrong(CHANGELOG + "}, callsPerSecond: 5"), contains("routes[0].enrich[0].callsPerSecond:" + ofCalls));
        assertThat(wrong(CHANGELOG + "}, calls: {}"), contains("routes[0].enrich[0].calls:" + ofCalls));
        assertThat(wrong(CHANGELOG + "}, cache: {maxAge: PT1S}"), contains("routes[0].enrich[0].cache:" + ofCalls));
        assertThat(wrong(CHANGELOG + "}, maxInFlight: 5"), contains("routes[0].enrich[0].maxInFlight:" + ofCalls));
        assertThat(
                wrong(CHANGELOG + "}, " + HTTP),
                contains("routes[0].enrich[0]: must have exactly one of http, jdbc, memcached, table, changelog"));
        assertThat(
                wrong(CHANGELOG + ", timeToLive: PT0S}"),
                contains("routes[0].enrich[0].changelog.timeToLive: must be at least a millisecond, but was PT0S"));
        assertThat(
                wrong(CHANGELOG + ", allowedLateness: PT-1S}"),
                contains("routes[0].enrich[0].changelog.allowedLateness: must be at least 0, but was PT-1S"));
        assertThat(
                wrong(CHANGELOG.replace("topic: profiles", "topic: ''") + "}"),
                contains("routes[0].enrich[0].changelog.kafka.topic: must not be empty, but was ''"));
        assertThat(
                wrong(CHANGELOG.replace("topic: profiles", "topic: profiles, properties: {group.id: g}") + "}"),
                contains(
                        "routes[0].enrich[0].changelog.kafka.properties: must leave group.id to Millrace, but set it"));
    }

    private static List<String> wrong(String lookup) {
        return problemsOf(ofKafka("never", lookup));
    }

    private static List<String> problemsOf(String spec) {
        return assertThrows(SpecProblems.class, () -> SpecReader.read(spec, LOCAL)).problems().stream()
                .map(SpecProblem::toString)
                .toList();
    }

    @Test
    public void aChangelogNeedsEventTimes() {
        assertThat(
                problems("", CHANGELOG + "}"),
                contains(
                        "routes[0].enrich[0].changelog: needs event times, and files have none: source.eventTime must be"
                                + " given"));
    }

    @Test
    public void sourcesOfARouteWithAChangelogStopAlike() {
        String kafka = "{kafka: {bootstrapServers: \"localhost:9092\", topics: [%s], stop: %s}}";
        String sources = "sources:\n  a: " + kafka.formatted("a", "end") + "\n  b: "
                + kafka.formatted("b", "\"2026-01-31T00:00:00Z\"") + "\n";
        assertThat(
                problemsOf(spec("", CHANGELOG + "}").replace("source: {files: {path: plays.jsonl}}\n", sources)),
                contains(
                        "routes[0].enrich: must not have a changelog where some sources of the route stop at a time and"
                                + " others at their end"));
    }
}
