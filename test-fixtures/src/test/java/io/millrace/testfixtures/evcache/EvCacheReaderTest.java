package io.millrace.testfixtures.evcache;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.memcached.MemcachedRule;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** The reader is Netflix's client, and reads what is stored. */
public class EvCacheReaderTest {
    @Rule
    public final MemcachedRule memcached = new MemcachedRule();

    @Test
    public void readsWhatAServerHas() {
        MemcachedNode server = memcached.server();
        String key = memcached.name("a");
        server.set(key, "{\"title\":\"Ü\"}");
        server.set("videos:" + key, "{}");

        try (EvCacheReader reader = EvCacheReader.of(Map.of("a", List.of(server.address())))) {
            eventually("a text", () -> reader.get("a", key), is("{\"title\":\"Ü\"}"));
            eventually("of a cache's own", () -> reader.get("a", "videos", key), is("{}"));
            assertThat(reader.get("a", memcached.name("b")), is(nullValue()));
        }
    }
}
