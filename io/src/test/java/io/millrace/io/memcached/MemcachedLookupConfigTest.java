package io.millrace.io.memcached;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class MemcachedLookupConfigTest {
    private static final MemcachedLookup LOOKUP = MemcachedLookup.of("cache-1:11211", "[::1]:11211");

    @Test
    public void isEqualWhenItIsReadAgain() {
        MemcachedLookup lookup = LOOKUP.withKeyPrefix("video:").withUser("millrace", "${env:PASSWORD}");

        assertThat(SerializableUtils.clone(lookup), is(lookup));
    }

    @Test
    public void refusesServersThatAreNone() {
        assertRefused("servers must not be empty, but was []", MemcachedLookup::of);
        for (String server : List.of("cache", ":11211", "cache:port", "cache:1:2", "")) {
            assertRefused("servers must each be host:port, but was '" + server + "'", () -> MemcachedLookup.of(server));
        }
        assertRefused("servers must differ, but were [a:1, a:1]", () -> MemcachedLookup.of("a:1", "a:1"));
    }

    @Test
    public void refusesAPrefixThatNoKeyCanHave() {
        assertRefused(
                "keyPrefix must be what a key can begin with, but 'a b' has spaces or control characters",
                () -> LOOKUP.withKeyPrefix("a b"));
    }

    @Test
    public void refusesALoginThatIsNotWholeOrASecretItself() {
        assertRefused(
                "password must be a reference, such as ${env:NAME} or ${file:PATH}, so that the secret stays out of the job",
                () -> LOOKUP.withUser("millrace", "open-sesame"));
        assertRefused(
                "user must be given together with password",
                () -> new MemcachedLookup(List.of("a:1"), null, "millrace", null, 1));
        assertRefused(
                "user must be given together with password",
                () -> new MemcachedLookup(List.of("a:1"), null, null, "${env:PASSWORD}", 1));
    }

    @Test
    public void refusesBatchesThatNoCallCanHave() {
        assertRefused("maxBatch must be from 1 to 255, but was 0", () -> LOOKUP.withMaxBatch(0));
        assertRefused("maxBatch must be from 1 to 255, but was 256", () -> LOOKUP.withMaxBatch(256));
    }

    private static void assertRefused(String message, ThrowingRunnable wrong) {
        assertThat(assertThrows(IllegalArgumentException.class, wrong).getMessage(), is(message));
    }
}
