package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.hamcrest.Matchers.anything;

import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheSinkProvider;
import io.millrace.io.view.Versions;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.testfixtures.memcached.MemcachedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reads all keys of a zone again and again, as clients of a cache do, and notes each that has fallen back to an older version. */
final class ZoneReader implements AutoCloseable {
    private static final String ZONE = "zone";
    private static final Versions VERSIONS = new Versions("version");

    private final ViewStore.Zone zone;
    private final List<String> keys;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final List<String> fallenBack = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile long looks;

    @SuppressWarnings("FutureReturnValueIgnored") // one that stops is seen by its count
    ZoneReader(MemcachedNode server, List<String> keys) {
        this.keys = keys;
        this.zone = new EvCacheSinkProvider()
                .viewStore(EvCacheSink.of(Map.of(ZONE, List.of(server.address()))))
                .orElseThrow()
                .open(ZONE);
        thread.scheduleWithFixedDelay(this::look, 0, 20, TimeUnit.MILLISECONDS);
    }

    private void look() {
        read().forEach(this::note);
        looks++;
    }

    private synchronized void note(String key, String document) {
        long version = requireNonNull(VERSIONS.of(document.getBytes(UTF_8)));
        Long before = seen.merge(key, version, Math::max);
        if (before > version) {
            fallenBack.add(key + " had version " + before + ", and then " + version);
        }
    }

    /** What the zone has; nothing while it is away. */
    Map<String, String> read() {
        try {
            return all();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        } catch (Exception e) {
            return Map.of();
        }
    }

    /** What the zone has as soon as it answers. */
    Map<String, String> awaitAll() {
        return eventually("an answer of the zone", this::all, anything());
    }

    private Map<String, String> all() throws Exception {
        Map<String, String> all = new TreeMap<>();
        Map<String, Stored> stored = zone.get(keys).toCompletableFuture().get(30, TimeUnit.SECONDS);
        stored.forEach((key, one) -> all.put(key, new String(one.value(), UTF_8)));
        return all;
    }

    /** How often it has read all keys. */
    long looks() {
        return looks;
    }

    synchronized List<String> fallenBack() {
        return List.copyOf(fallenBack);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        zone.close();
    }
}
