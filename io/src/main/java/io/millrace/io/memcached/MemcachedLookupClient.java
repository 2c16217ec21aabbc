package io.millrace.io.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.expression.JsonCheck;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks servers, each for the keys that it has, over a connection, and a thread, of its own. */
final class MemcachedLookupClient implements LookupClient<String, byte[]> {
    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration SILENT = Duration.ofSeconds(5);
    private static final int SHOWN = 100;
    private static final String NULL = "null";

    private final MemcachedLookup lookup;
    private final Ring ring;
    private final Map<String, Server> servers = new HashMap<>();

    private MemcachedLookupClient(MemcachedLookup lookup) {
        this.lookup = lookup;
        this.ring = Ring.compatible(lookup.servers());
    }

    /**
     * A client for servers.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved, or a server does not take the user
     */
    static MemcachedLookupClient open(MemcachedLookup lookup) {
        MemcachedLookupClient client = new MemcachedLookupClient(lookup);
        try {
            lookup.servers()
                    .forEach(server ->
                            client.servers.put(server, new Server(server, lookup.user(), lookup.password(), SILENT)));
            long deadline = System.nanoTime() + TO_CONNECT.toNanos();
            client.servers.values().forEach(server -> server.await(deadline));
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public String placeOf(String key) {
        return ring.of(stored(key));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> lookUp(Set<String> keys) {
        for (String key : keys) {
            String problem = Keys.problem(stored(key));
            if (problem != null) {
                return CompletableFuture.failedFuture(
                        new LookupRefusedException("key '" + shown(key) + "' " + problem));
            }
        }
        List<String> asked = List.copyOf(keys);
        List<String> stored = asked.stream().map(this::stored).toList();
        String server = placeOf(asked.get(0));
        return requireNonNull(servers.get(server))
                .ask(client -> client.get(stored))
                .thenApply(values -> values(server, asked, values));
    }

    private String stored(String key) {
        return lookup.keyPrefix() == null ? key : lookup.keyPrefix() + key;
    }

    private static Map<String, byte[]> values(String server, List<String> keys, List<byte @Nullable []> stored) {
        Map<String, byte[]> values = new HashMap<>();
        for (int position = 0; position < keys.size(); position++) {
            byte[] value = stored.get(position);
            if (value != null) {
                check(server, keys.get(position), value);
                byte[] json = stripped(value);
                if (!NULL.contentEquals(new String(json, UTF_8))) {
                    values.put(keys.get(position), json);
                }
            }
        }
        return values;
    }

    private static void check(String server, String key, byte[] value) {
        String problem = JsonCheck.problem(value);
        if (problem != null) {
            throw new LookupRefusedException(server + " has what is no JSON value (" + problem + ") for key '"
                    + shown(key) + "': " + shown(new String(value, UTF_8)));
        }
    }

    private static byte[] stripped(byte[] json) {
        return json[0] > ' ' && json[json.length - 1] > ' '
                ? json
                : new String(json, UTF_8).strip().getBytes(UTF_8);
    }

    private static String shown(String text) {
        String shown = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "...";
    }

    @Override
    public void close() {
        List<? extends Future<?>> ends =
                servers.values().stream().map(Server::end).toList();
        ends.forEach(end -> end.awaitUninterruptibly(TO_END.toMillis()));
    }
}
