package io.millrace.io.evcache;

import static java.util.Objects.requireNonNull;

import io.millrace.io.memcached.MemcachedZone;
import io.millrace.io.view.ViewStore;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The zones of an EVCache. */
record EvCacheStore(EvCacheSink sink) implements ViewStore {

    @Override
    public String name() {
        return "EVCache";
    }

    @Override
    public List<String> zones() {
        return List.copyOf(sink.zones().keySet());
    }

    /** What memcached has no way to write, and white space of any kind: EVCache's client asks for no such key. */
    @Override
    public @Nullable String keyProblem(String key) {
        if (key.isEmpty()) {
            return "is empty";
        }
        for (int at = 0; at < key.length(); at++) {
            if (Character.isWhitespace(key.charAt(at))) {
                return "has white space, for which EVCache's client does not ask";
            }
        }
        return MemcachedZone.keyProblem(sink.keyPrefix() + key);
    }

    @Override
    public int maxValueBytes() {
        return sink.maxValueBytes();
    }

    @Override
    public String versionField() {
        return sink.versionField();
    }

    @Override
    public boolean overlaps(ViewStore other) {
        return other instanceof EvCacheStore store
                && (store.sink.keyPrefix().startsWith(sink.keyPrefix())
                        || sink.keyPrefix().startsWith(store.sink.keyPrefix()))
                && !Collections.disjoint(servers(), store.servers());
    }

    /** As this machine finds them: one server may be named in several ways. */
    private Set<InetSocketAddress> servers() {
        return sink.zones().values().stream()
                .flatMap(List::stream)
                .map(text -> EvCacheServer.parse(text).find())
                .collect(Collectors.toSet());
    }

    @Override
    public Zone open(String zone) {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String text : requireNonNull(sink.zones().get(zone), zone)) {
            EvCacheServer server = EvCacheServer.parse(text);
            addresses.put(server.inRing(), server.toConnect());
        }
        Duration ttl = sink.ttl();
        return MemcachedZone.open(
                addresses,
                sink.keyPrefix(),
                sink.user(),
                sink.password(),
                ttl == null ? 0 : Math.toIntExact(ttl.toSeconds()));
    }
}
