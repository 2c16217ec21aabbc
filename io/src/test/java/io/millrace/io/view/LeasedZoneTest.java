package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedRule;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class LeasedZoneTest {
    private static final byte[] VALUE = "{\"version\":5}".getBytes(UTF_8);
    private static final String THERE = "{\"version\":1}";
    private static final Versions VERSIONS = new Versions("version");

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    private ViewStore.Zone zone;
    private String key;
    private boolean isLost;
    private ViewStore.Zone leased;

    @Before
    public void open() {
        zone = ReadyZones.awaited(EvCacheView.store(
                        EvCacheSink.of(Map.of("a", List.of(memcached.server().address()))))
                .open("a"));
        leased = new LeasedZone(zone, () -> {
            if (isLost) {
                throw new IllegalStateException("lost");
            }
        });
        key = memcached.name("leased");
    }

    @After
    public void close() {
        zone.close();
    }

    @Test
    public void writesWithTheLease() throws Exception {
        CarefulWrite.byVersion(leased, key, VALUE, 5, VERSIONS).get(1, TimeUnit.MINUTES);

        assertThat(stored().get(key).value(), is(VALUE));
        leased.delete(key).toCompletableFuture().get(1, TimeUnit.MINUTES);
        assertThat(stored(), is(Map.of()));
    }

    @Test
    public void writesNothingWithoutTheLeaseThoughItHasSeenWhatIsThere() throws Exception {
        isLost = true;
        assertLost(CarefulWrite.byVersion(leased, key, VALUE, 5, VERSIONS));
        assertThat(stored(), is(Map.of()));

        memcached.server().set(key, THERE);
        assertLost(CarefulWrite.byVersion(leased, key, VALUE, 5, VERSIONS));
        assertLost(CarefulWrite.replacing(leased, key, VALUE));
        assertLost(CarefulWrite.replacing(leased, key, null));
        assertThrows(IllegalStateException.class, () -> leased.set(key, VALUE));
        assertThrows(IllegalStateException.class, () -> leased.delete(key));

        assertThat(new String(stored().get(key).value(), UTF_8), is(THERE));
    }

    private Map<String, Stored> stored() throws Exception {
        return zone.get(List.of(key)).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private static void assertLost(CompletableFuture<Void> write) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> write.get(1, TimeUnit.MINUTES));
        assertThat(failure.getCause().getMessage(), is("lost"));
    }
}
