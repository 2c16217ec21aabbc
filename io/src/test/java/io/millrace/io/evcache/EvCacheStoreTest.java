package io.millrace.io.evcache;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeThat;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.view.ReadyZones;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.evcache.EvCacheReader;
import io.millrace.testfixtures.memcached.MemcachedKind;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.memcached.MemcachedZone;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.DeadLetter.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.AfterParam;
import org.junit.runners.Parameterized.BeforeParam;
import org.junit.runners.Parameterized.Parameters;

/** The port over real servers: what it stores, Netflix's own client reads. */
@RunWith(Parameterized.class)
public class EvCacheStoreTest {
    private static final Duration MONTH = Duration.ofDays(31);

    private static MemcachedZone servers;

    private final List<ViewStore.Zone> opened = new ArrayList<>();
    private final ViewStore.Zone zone = ReadyZones.awaited(open(EvCacheSink.of(Map.of("a", servers.servers()))));

    private final MemcachedKind kind;

    public EvCacheStoreTest(MemcachedKind kind) {
        this.kind = kind;
    }

    @Parameters(name = "{0}")
    public static MemcachedKind[] kinds() {
        return MemcachedKind.values();
    }

    @BeforeParam
    public static void start(MemcachedKind kind) {
        kind.assumeIsThere();
        servers = MemcachedZone.of("a", kind, 3);
        servers.start();
    }

    @AfterParam
    public static void end() {
        if (servers != null) {
            servers.close();
            servers = null;
        }
    }

    private ViewStore.Zone open(EvCacheSink sink) {
        ViewStore.Zone zone = new EvCacheStore(sink).open("a");
        opened.add(zone);
        return zone;
    }

    @After
    public void close() {
        opened.forEach(ViewStore.Zone::close);
    }

    @Test
    public void netflixsClientFindsEachKeyOnTheServerWhereItIs() throws Exception {
        Map<String, String> expected = new HashMap<>();
        IntStream.range(0, 300).forEach(number -> expected.put("title-" + number, "{\"n\":" + number + "}"));
        expected.put("ключ-é", "{\"title\":\"Ü\"}");
        for (Map.Entry<String, String> one : expected.entrySet()) {
            done(zone.set(one.getKey(), utf8(one.getValue())));
        }

        try (EvCacheReader reader = reader()) {
            eventually("what is read", () -> read(reader, expected.keySet()), is(expected));
        }
    }

    private static Map<String, String> read(EvCacheReader reader, Set<String> keys) {
        Map<String, String> read = new HashMap<>();
        keys.forEach(key -> read.put(key, reader.get("a", key)));
        return read;
    }

    private static EvCacheReader reader() {
        return EvCacheReader.of(Map.of("a", servers.servers()));
    }

    @Test
    public void aCachePrefixIsThatOfReaders() throws Exception {
        done(open(EvCacheSink.of(Map.of("a", servers.servers())).withCachePrefix("views"))
                .set("prefixed", utf8("{}")));

        try (EvCacheReader reader = reader()) {
            eventually("with the prefix", () -> reader.get("a", "views", "prefixed"), is("{}"));
            assertThat(reader.get("a", "prefixed"), is(nullValue()));
        }
    }

    @Test
    public void readsManyKeysAtOnce() throws Exception {
        List<String> keys =
                IntStream.range(0, 1000).mapToObj(number -> "many-" + number).toList();
        for (String key : keys) {
            zone.set(key, utf8(key));
        }

        Map<String, Stored> found = done(zone.get(keys));

        assertThat(found.keySet(), is(Set.copyOf(keys)));
        keys.forEach(key -> assertThat(new String(found.get(key).value(), UTF_8), is(key)));
        assertThat(done(zone.get(List.of("never", "stored"))), is(Map.of()));
    }

    @Test
    public void replacesOnlyWhatWasSeen() throws Exception {
        done(zone.set("cas", utf8("1")));
        Stored first = stored("cas");
        done(zone.set("cas", utf8("2")));
        Stored second = stored("cas");

        assertThat(done(zone.replace("cas", first, utf8("3"))), is(false));
        assertThat(text("cas"), is("2"));
        assertThat(done(zone.replace("cas", second, utf8("3"))), is(true));
        assertThat(text("cas"), is("3"));
        Stored third = stored("cas");
        done(zone.delete("cas"));
        assertThat(done(zone.replace("cas", third, utf8("4"))), is(false));
        assertThat(text("cas"), is(nullValue()));
    }

    @Test
    public void addsOnlyWhereNothingIs() throws Exception {
        assertThat(done(zone.add("add", utf8("1"))), is(true));
        assertThat(done(zone.add("add", utf8("2"))), is(false));
        assertThat(text("add"), is("1"));
    }

    @Test
    public void deletesOnlyWhatWasSeen() throws Exception {
        done(zone.delete("gone"));
        done(zone.set("gone", utf8("1")));
        Stored first = stored("gone");
        done(zone.set("gone", utf8("2")));

        assertThat(done(zone.delete("gone", first)), is(false));
        assertThat(text("gone"), is("2"));
        Stored second = stored("gone");
        assertThat(done(zone.delete("gone", second)), is(true));
        assertThat(text("gone"), is(nullValue()));
        assertThat("nothing is there any more", done(zone.delete("gone", second)), is(true));
    }

    @Test
    public void anEmptyValueIsAnEmptyText() throws Exception {
        done(zone.set("empty", new byte[0]));

        assertThat(text("empty"), is(""));
        try (EvCacheReader reader = reader()) {
            eventually("what is read", () -> reader.get("a", "empty"), is(""));
        }
    }

    @Test
    public void aValueStaysForItsTime() throws Exception {
        done(open(EvCacheSink.of(Map.of("a", servers.servers())).withTtl(Duration.ofSeconds(1)))
                .set("short", utf8("1")));
        done(open(EvCacheSink.of(Map.of("a", servers.servers())).withTtl(MONTH)).set("long", utf8("1")));

        eventually("what is stored for a second", () -> text("short"), is(nullValue()));
        assertThat("what is stored for more than memcached counts in seconds", text("long"), is("1"));
    }

    @Test
    public void aServerThatIsAwayFailsWhatItIsAskedAtOnceUntilItHasAnsweredForAWhile() throws Exception {
        try (TcpRelay relay = TcpRelay.to(servers.port(0))) {
            ViewStore.Zone own = open(EvCacheSink.of(Map.of("a", List.of("127.0.0.1:" + relay.port()))));
            done(own.set("k", utf8("1")));
            relay.refuse();
            waitUntil("an outage", () -> own.isAway("k"));

            Throwable failure = assertThrows(ExecutionException.class, () -> done(own.set("k", utf8("2"))))
                    .getCause();
            assertThat(failure, is(instanceOf(IOException.class)));
            assertThat(failure.getMessage(), startsWith("127.0.0.1:" + relay.port() + " cannot be reached"));

            relay.accept();
            waitUntil("it is back", () -> !own.isAway("k"));
            done(own.set("k", utf8("3")));
        }
    }

    @Test
    public void aServerThatSaysNothingIsAway() throws Exception {
        done(zone.set("silent", utf8("1")));
        servers.pause();
        try {
            long begun = System.nanoTime();
            waitUntil("the signal came and the server is silent", () -> {
                zone.set("silent", utf8("2"));
                return zone.isAway("silent");
            });
            assertThat(Duration.ofNanos(System.nanoTime() - begun), is(greaterThan(Duration.ofSeconds(1))));
        } finally {
            servers.resume();
        }
        waitUntil("it is back", () -> !zone.isAway("silent"));
    }

    @Test
    public void aZoneThatIsAwayAtTheStartIsLookedForLater() throws Exception {
        try (TcpRelay relay = TcpRelay.to(servers.port(0))) {
            relay.refuse();
            ViewStore.Zone late = open(EvCacheSink.of(Map.of("a", List.of("127.0.0.1:" + relay.port()))));
            assertThat(late.isAway("k"), is(true));

            relay.accept();
            waitUntil("it is there", () -> !late.isAway("k"));
            done(late.set("k", utf8("1")));
        }
    }

    @Test
    public void memcachedRefusesWhatIsTooLargeForIt() throws Exception {
        assumeThat(kind, is(MemcachedKind.MEMCACHED));
        try (MemcachedNode small = MemcachedNode.memcached().start()) {
            ViewStore.Zone own = open(EvCacheSink.of(Map.of("a", List.of(small.address()))));

            Throwable failure = assertThrows(ExecutionException.class, () -> done(own.set("k", new byte[1 << 20])))
                    .getCause();

            assertThat(failure, is(instanceOf(RefusedException.class)));
            assertThat(((RefusedException) failure).reason(), is(Reason.TOO_LARGE));
            assertThat(failure.getMessage(), is(small.address() + " takes no value that is so large"));
            done(own.set("k", utf8("1")));
        }
    }

    @Test
    public void memcachedThatHasNoMemoryLeftCannotTakeItNow() throws Exception {
        assumeThat(kind, is(MemcachedKind.MEMCACHED));
        try (MemcachedNode full = MemcachedNode.memcached("-M", "-m", "8").start()) {
            ViewStore.Zone own = open(EvCacheSink.of(Map.of("a", List.of(full.address()))));

            Throwable failure = assertThrows(ExecutionException.class, () -> {
                        for (int number = 0; number < 1000; number++) {
                            done(own.set("k" + number, new byte[100_000]));
                        }
                    })
                    .getCause();

            assertThat(failure, is(instanceOf(IOException.class)));
            assertThat(failure.getMessage(), is(full.address() + " answers OUT_OF_MEMORY"));
            assertThat("its neighbours are taken", own.isAway("k"), is(false));
        }
    }

    private Stored stored(String key) throws Exception {
        return done(zone.get(List.of(key))).get(key);
    }

    private @Nullable String text(String key) throws Exception {
        Stored stored = stored(key);
        return stored == null ? null : new String(stored.value(), UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
