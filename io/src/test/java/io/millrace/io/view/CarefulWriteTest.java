package io.millrace.io.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedRule;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a writer leaves that looks first. */
public class CarefulWriteTest {
    private static final Versions VERSIONS = new Versions("version");
    private static final String NEWER = "{\"version\":9}";
    private static final String OLDER = "{\"version\":5}";
    private static final int FLAGS_OF_A_BOOLEAN = 1 << 8;

    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    private ViewStore.Zone zone;
    private String key;

    @Before
    public void open() {
        zone = ReadyZones.awaited(EvCacheView.store(
                        EvCacheSink.of(Map.of("a", List.of(memcached.server().address()))))
                .open("a"));
        key = memcached.name("careful");
    }

    @After
    public void close() {
        zone.close();
    }

    private Stored stored() throws Exception {
        return zone.get(List.of(key))
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES)
                .get(key);
    }

    private void assertStored(String value) throws Exception {
        assertThat(new String(stored().value(), UTF_8), is(value));
        assertThat(stored().isPlain(), is(true));
    }

    private void write(String value, long version) throws Exception {
        CarefulWrite.byVersion(zone, key, value.getBytes(UTF_8), version, VERSIONS)
                .get(1, TimeUnit.MINUTES);
    }

    @Test
    public void leavesWhatIsNewer() throws Exception {
        memcached.server().set(key, NEWER);
        write(OLDER, 5);

        assertStored(NEWER);
    }

    @Test
    public void replacesWhatReadersDoNotTakeForATextWhateverItsVersion() throws Exception {
        memcached.server().set(key, NEWER, FLAGS_OF_A_BOOLEAN);
        write(OLDER, 5);

        assertStored(OLDER);
    }

    @Test
    public void aRepairReplacesWhatIsTheSameButIsNoTextToReaders() throws Exception {
        memcached.server().set(key, NEWER, FLAGS_OF_A_BOOLEAN);
        CarefulWrite.replacing(zone, key, NEWER.getBytes(UTF_8)).get(1, TimeUnit.MINUTES);

        assertStored(NEWER);
    }
}
