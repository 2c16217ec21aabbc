package io.millrace.pipelines.view;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anything;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.devinterface.spec.RouteSpec;
import io.millrace.devinterface.spec.SpecProblems;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.pipelines.view.Answer.Told;
import io.millrace.pipelines.view.StoredView.Found;
import io.millrace.testfixtures.memcached.MemcachedRule;
import io.millrace.testfixtures.server.FreePorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

/** What is said of keys beside what a cache has of them. */
public class StoredViewTest {
    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    /** What a route stores, when its zones are there: they may take longer to connect than is waited for. */
    private static StoredView opened(RouteSpec route, ViewStore store) throws IOException {
        StoredView stored = new StoredView("cache", RouteValue.of(route), store);
        eventually("the zones", () -> stored.see(List.of("k")), anything());
        return stored;
    }

    private static ViewStore.Zone zone(ViewStore store) {
        ViewStore.Zone zone = store.open("a");
        waitUntil("the zone", () -> !zone.isAway("k"));
        return zone;
    }

    private RouteSpec route(String prefix) throws SpecProblems {
        return SpecReader.read("""
                                name: assets
                                sources: {assets: {kafka: {bootstrapServers: "127.0.0.1:1", topics: [assets]}}}
                                views: {locations: {changes: [{from: assets, key: event.movie}]}}
                                routes:
                                  - name: cache
                                    from: [locations]
                                    project: {version: event.version, paths: 'event.items.map(one, one.path)'}
                                    sink: {evcache: {zones: {a: ["%s"]}, cachePrefix: "%s", maxValueBytes: 100}}
                                """.formatted(memcached.server().address(), prefix), Target.LOCAL)
                .routes()
                .get(0);
    }

    private static Told told(String key, long version, @Nullable String items) {
        String document = items == null
                ? null
                : "{\"version\":" + version + ",\"key\":\"" + key + "\",\"items\":[" + items + "]}";
        return new Told(key, version, document == null ? null : document.getBytes(UTF_8), false, false);
    }

    private static String path(String path) {
        return "{\"path\":\"" + path + "\"}";
    }

    private static List<String> texts(StoredView stored, Told... told) throws IOException {
        return stored.compare(List.of(told)).stream()
                .map(found -> found.key() + " " + found.verdict().text()
                        + (found.problem() == null ? "" : ": " + found.problem()))
                .toList();
    }

    @Test
    public void saysOfEachKeyWhatIsTheMatterWithIt() throws Exception {
        RouteSpec route = route(memcached.name("verdicts"));
        ViewStore store = route.sink().viewStore().orElseThrow();
        try (ViewStore.Zone zone = zone(store);
                StoredView stored = opened(route, store)) {
            for (String key : List.of("right", "stale", "foreign", "newer", "orphaned")) {
                zone.set(key, "{\"version\":2,\"paths\":[\"/1\"]}".getBytes(UTF_8))
                        .toCompletableFuture()
                        .get(1, TimeUnit.MINUTES);
            }

            assertThat(
                    texts(
                            stored,
                            told("right", 2, path("/1")),
                            told("stale", 3, path("/1")),
                            told("foreign", 2, path("/2")),
                            told("newer", 1, path("/1")),
                            told("orphaned", 3, null),
                            told("missing", 1, path("/1")),
                            told("gone", 1, null)),
                    containsInAnyOrder(
                            "right right",
                            "stale stale",
                            "foreign foreign",
                            "newer foreign",
                            "orphaned orphaned",
                            "missing missing",
                            "gone right"));
        }
    }

    @Test
    public void aValueThatIsMarkedAsSomethingElseIsForeign() throws Exception {
        String prefix = memcached.name("flags");
        RouteSpec route = route(prefix);
        ViewStore store = route.sink().viewStore().orElseThrow();
        memcached.server().set(prefix + ":k", "{\"version\":2,\"paths\":[\"/1\"]}", 77);
        try (StoredView stored = opened(route, store)) {
            assertThat(
                    texts(stored, told("k", 2, path("/1"))),
                    is(List.of("k foreign: its flags in memcached are not 0, so readers do not take it for a text")));
        }
    }

    @Test
    public void ofAZoneThatIsAwayNothingIsKnown() throws Exception {
        RouteSpec route = route(memcached.name("away"));
        ViewStore store = EvCacheView.store(EvCacheSink.of(
                Map.of("a", List.of(memcached.server().address()), "b", List.of("127.0.0.1:" + FreePorts.next()))));
        try (StoredView stored = new StoredView("cache", RouteValue.of(route), store)) {
            List<Found> found = stored.compare(List.of(told("k", 2, path("/1"))));

            assertThat(
                    found.stream().map(Found::verdict).toList(), containsInAnyOrder(Verdict.MISSING, Verdict.UNREAD));
            assertThat(
                    found.stream()
                            .filter(one -> one.verdict() == Verdict.UNREAD)
                            .map(Found::zone)
                            .toList(),
                    is(List.of("b")));
        }
    }

    @Test
    public void deletesWhatWasSeenAndNothingThatHasComeInItsPlace() throws Exception {
        RouteSpec route = route(memcached.name("deleted"));
        ViewStore store = route.sink().viewStore().orElseThrow();
        try (ViewStore.Zone zone = zone(store);
                StoredView stored = opened(route, store)) {
            for (String key : List.of("old", "changed")) {
                zone.set(key, "{}".getBytes(UTF_8)).toCompletableFuture().get(1, TimeUnit.MINUTES);
            }
            Map<String, Map<String, Stored>> seen = stored.see(List.of("old", "changed", "none", "no key"));
            zone.set("changed", "{}".getBytes(UTF_8)).toCompletableFuture().get(1, TimeUnit.MINUTES);

            assertThat(stored.delete("old", seen), is(true));
            assertThat(stored.delete("changed", seen), is(false));
            assertThat(stored.delete("none", seen), is(true));
            assertThat(stored.see(List.of("old", "changed")).get("a").keySet(), is(Set.of("changed")));
        }
    }

    @Test
    public void whatIsStoredInAZoneThatIsAwayIsNotSeen() throws Exception {
        ViewStore store = EvCacheView.store(EvCacheSink.of(Map.of("a", List.of("127.0.0.1:" + FreePorts.next()))));
        try (StoredView stored = new StoredView("cache", RouteValue.of(route(memcached.name("unseen"))), store)) {
            assertThat(
                    assertThrows(IOException.class, () -> stored.see(List.of("k")))
                            .getMessage(),
                    containsString("zone a of route cache cannot be asked: "));
        }
    }

    @Test
    public void whatCannotBeStoredIsRefusedAndTheOthersAreCompared() throws Exception {
        RouteSpec route = route(memcached.name("refused"));
        ViewStore store = route.sink().viewStore().orElseThrow();
        try (StoredView stored = opened(route, store)) {
            assertThat(
                    texts(
                            stored,
                            told("a b", 1, path("/1")),
                            told("fails", 1, "{}"),
                            told("large", 1, path("x".repeat(100))),
                            new Told("untold", 1, null, false, true),
                            told("k", 1, path("/1"))),
                    containsInAnyOrder(
                            "a b refused: its key has white space, for which EVCache's client does not ask",
                            "fails refused: the route's projection fails: no such field 'path'",
                            "large refused: its value has 126 bytes, and at most 100 are stored",
                            "untold refused: its document is too large to be told by the control's replies",
                            "k missing"));
            assertThat(texts(stored), is(List.of()));
        }
    }
}
