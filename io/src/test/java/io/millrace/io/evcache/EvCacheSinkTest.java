package io.millrace.io.evcache;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.millrace.io.view.ViewStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class EvCacheSinkTest {
    private static final EvCacheSink SINK =
            EvCacheSink.of(Map.of("us-1", List.of("10.0.1.7:11211", "cache-2:11211", "cache-3/10.0.1.9:11212")));
    private static final ViewStore STORE = new EvCacheStore(SINK.withCachePrefix("views"));

    @Test
    public void isEqualWhenItIsReadAgain() {
        EvCacheSink sink = SINK.withCachePrefix("views")
                .withUser("millrace", "${env:PASSWORD}")
                .withTtl(Duration.ofDays(60));

        assertThat(SerializableUtils.clone(sink), is(sink));
    }

    @Test
    public void namesServersAsEvCacheDoes() {
        assertThat(EvCacheServer.parse("10.0.1.7:11212").inRing(), is("10.0.1.7/10.0.1.7:11211"));
        assertThat(EvCacheServer.parse("cache-3/10.0.1.9:11212").inRing(), is("cache-3/10.0.1.9:11211"));
        assertThat(EvCacheServer.parse("localhost:11212").inRing(), is("localhost/127.0.0.1:11211"));
        assertThat(EvCacheServer.parse("cache-3/10.0.1.9:11212").toConnect(), is("10.0.1.9:11212"));
    }

    @Test
    public void storesOverlapWithOnePrefixAndAServerInCommonWhateverElseTheyAre() {
        EvCacheSink views = SINK.withCachePrefix("views");
        EvCacheSink other = EvCacheSink.of(Map.of("eu-1", List.of("cache-9/10.0.1.9:11212", "10.0.1.1:11211")))
                .withCachePrefix("views");
        EvCacheSink elsewhere =
                EvCacheSink.of(Map.of("us-1", List.of("10.0.1.1:11211"))).withCachePrefix("views");

        assertThat(STORE.overlaps(new EvCacheStore(views.withTtl(Duration.ofDays(1)))), is(true));
        assertThat(STORE.overlaps(new EvCacheStore(other)), is(true));
        assertThat(STORE.overlaps(new EvCacheStore(elsewhere)), is(false));
        assertThat(STORE.overlaps(new EvCacheStore(SINK.withCachePrefix("others"))), is(false));
    }

    @Test
    public void aStoreWithoutPrefixOverlapsWithEachOfItsServersHoweverThatIsNamed() {
        EvCacheStore bare = new EvCacheStore(EvCacheSink.of(Map.of("a", List.of("localhost:11211"))));
        EvCacheSink here = EvCacheSink.of(Map.of("a", List.of("cache-1/127.0.0.1:11211")));
        EvCacheSink other = EvCacheSink.of(Map.of("a", List.of("127.0.0.1:11212")));

        assertThat(bare.overlaps(new EvCacheStore(here.withCachePrefix("views"))), is(true));
        assertThat(new EvCacheStore(here.withCachePrefix("views")).overlaps(bare), is(true));
        assertThat(bare.overlaps(new EvCacheStore(other.withCachePrefix("views"))), is(false));
    }

    @Test
    public void refusesZonesThatAreNone() {
        assertRefused("zones must not be empty, but was {}", () -> EvCacheSink.of(Map.of()));
        assertRefused("zones must have names, but one was ' '", () -> EvCacheSink.of(Map.of(" ", List.of("a:1"))));
        assertRefused("zones.a must have servers, but had none", () -> EvCacheSink.of(Map.of("a", List.of())));
        for (String server : List.of("cache", ":11211", "cache:port", "a/b:1", "/10.0.0.1:1", "a/10.0.0.1", "")) {
            assertRefused(
                    "zones.a must have servers each host:port or name/address:port, but had '" + server + "'",
                    () -> EvCacheSink.of(Map.of("a", List.of(server))));
        }
    }

    @Test
    public void refusesServersThatAreOneToEvCache() {
        assertRefused(
                "zones.a must have servers that differ in name or address, since EVCache leaves ports out, but had 10.0.0.1:1 and"
                        + " 10.0.0.1:2: write name/address:port, and the same in the settings of readers",
                () -> EvCacheSink.of(Map.of("a", List.of("10.0.0.1:1", "10.0.0.1:2"))));
    }

    @Test
    public void refusesServersThatAreOfTwoZones() {
        Map<String, List<String>> zones = new LinkedHashMap<>();
        zones.put("a", List.of("10.0.0.1:1", "10.0.0.2:1"));
        zones.put("b", List.of("cache-2/10.0.0.2:1"));

        assertRefused(
                "zones must have servers of their own, so that each has a copy, but a and b share cache-2/10.0.0.2:1",
                () -> EvCacheSink.of(zones));
    }

    @Test
    public void refusesWhatCannotBeSet() {
        for (String prefix : List.of("", "a:b", "a b", "a".repeat(251))) {
            assertRefused(
                    "cachePrefix must be what a key can begin with, not empty and without ':', but was '" + prefix
                            + "'",
                    () -> SINK.withCachePrefix(prefix));
        }
        assertRefused(
                "ttl must be from 1 second to 10 years, but was PT0.5S", () -> SINK.withTtl(Duration.ofMillis(500)));
        assertRefused(
                "ttl must be from 1 second to 10 years, but was PT87624H", () -> SINK.withTtl(Duration.ofDays(3651)));
        assertRefused("maxValueBytes must be at least 1, but was 0", () -> SINK.withMaxValueBytes(0));
        assertRefused("maxInFlight must be at least 1, but was 0", () -> SINK.withMaxInFlight(0));
        assertRefused("versionField must not be empty", () -> SINK.withVersionField(""));
        assertRefused(
                "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job",
                () -> SINK.withUser("millrace", "open-sesame"));
    }

    @Test
    public void saysWhichTextsAreNoKeys() {
        assertThat(STORE.keyProblem("v-1"), is(nullValue()));
        assertThat(STORE.keyProblem("ü".repeat(122)), is(nullValue()));
        assertThat(STORE.keyProblem(""), is("is empty"));
        assertThat(STORE.keyProblem("a b"), is("has white space, for which EVCache's client does not ask"));
        assertThat(STORE.keyProblem("a\u2003b"), is("has white space, for which EVCache's client does not ask"));
        assertThat(STORE.keyProblem("a\u0001"), is("has spaces or control characters"));
        assertThat(STORE.keyProblem("a".repeat(245)), is("has 251 bytes, and memcached takes 250"));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }
}
