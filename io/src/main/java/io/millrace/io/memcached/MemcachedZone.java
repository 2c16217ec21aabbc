package io.millrace.io.memcached;

import static java.util.Objects.requireNonNull;

import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheStatus;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Servers of memcached that together hold a copy of a view, each the keys that a ring gives it. The binary protocol is spoken, over one
 * connection to each server, on a thread of its own.
 *
 * <p><i>Shape</i>: a value is stored as it is, with flags 0 and without compression.
 *
 * <p><i>Order</i>: memcached answers a connection in order, so what one thread asks of a key is done in that order. A connection that gives no
 * answer for two seconds is ended, and its server is away until it has answered again for one: memcached still does what it finds
 * in the buffers of a connection that has ended.
 *
 * <p><i>Fails</i>: at opening, if a reference cannot be resolved or a server does not take the user. A value that is too large for its server is
 * refused; memcached then has nothing under the key any more. A server that has no memory left cannot take it now.
 */
public final class MemcachedZone implements ViewStore.Zone {
    /** Readers of EVCache take a value with these for a text, as it is. */
    private static final int FLAGS = 0;

    private static final Duration TO_CONNECT = Duration.ofSeconds(2);
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final Ring ring;
    private final String keyPrefix;
    private final int ttlSeconds;
    private final Map<String, WatchedServer> servers = new HashMap<>();

    private MemcachedZone(Map<String, String> addresses, String keyPrefix, int ttlSeconds) {
        this.ring = Ring.named(addresses);
        this.keyPrefix = keyPrefix;
        this.ttlSeconds = ttlSeconds;
    }

    /**
     * Opens connections.
     *
     * @param addresses where each server is, {@code host:port}, by the name that it has in the ring
     * @param keyPrefix what stands before each key, or empty
     * @param user the name to sign in with, and a reference to the password; both null where servers ask for none
     * @param ttlSeconds how long a value stays, or 0 for as long as there is room
     */
    public static MemcachedZone open(
            Map<String, String> addresses,
            String keyPrefix,
            @Nullable String user,
            @Nullable String password,
            int ttlSeconds) {
        MemcachedZone zone = new MemcachedZone(addresses, keyPrefix, ttlSeconds);
        try {
            addresses
                    .values()
                    .forEach(address ->
                            zone.servers.put(address, new WatchedServer(new Server(address, user, password, SILENT))));
            long deadline = System.nanoTime() + TO_CONNECT.toNanos();
            zone.servers.values().forEach(server -> server.await(deadline));
            return zone;
        } catch (RuntimeException e) {
            zone.close();
            throw e;
        }
    }

    /** What keeps a text from being a key, or its beginning, in memcached; null where nothing does. */
    public static @Nullable String keyProblem(String key) {
        return Keys.problem(key);
    }

    @Override
    public boolean isAway(String key) {
        return serverOf(stored(key)).isAway();
    }

    @Override
    public CompletableFuture<Void> set(String key, byte[] value) {
        String stored = stored(key);
        return done(serverOf(stored), server -> server.ask(client -> client.set(stored, value, ttlSeconds)));
    }

    @Override
    public CompletableFuture<Void> delete(String key) {
        String stored = stored(key);
        return done(serverOf(stored), server -> server.ask(client -> client.delete(stored)));
    }

    @Override
    public CompletableFuture<Map<String, Stored>> get(Collection<String> keys) {
        Map<WatchedServer, List<String>> byServer = new HashMap<>();
        keys.forEach(key -> byServer.computeIfAbsent(serverOf(stored(key)), absent -> new ArrayList<>())
                .add(key));
        List<CompletableFuture<Map<String, Stored>>> answers = new ArrayList<>();
        byServer.forEach((server, asked) -> answers.add(get(server, asked)));
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    Map<String, Stored> found = new HashMap<>();
                    answers.forEach(answer -> found.putAll(answer.join()));
                    return found;
                });
    }

    private CompletableFuture<Map<String, Stored>> get(WatchedServer server, List<String> keys) {
        List<String> stored = keys.stream().map(this::stored).toList();
        return server.ask(client -> client.casGet(stored)).thenApply(results -> {
            Map<String, Stored> found = new HashMap<>();
            for (int position = 0; position < results.size(); position++) {
                GetResult<byte[]> result = results.get(position);
                if (result != null) {
                    found.put(
                            keys.get(position),
                            new Stored(result.getValue(), result.getCas(), result.getFlags() == FLAGS));
                }
            }
            return found;
        });
    }

    @Override
    public CompletableFuture<Boolean> replace(String key, Stored seen, byte[] value) {
        String stored = stored(key);
        return whether(
                serverOf(stored), server -> server.ask(client -> client.set(stored, value, ttlSeconds, seen.token())));
    }

    @Override
    public CompletableFuture<Boolean> add(String key, byte[] value) {
        String stored = stored(key);
        return whether(serverOf(stored), server -> server.ask(client -> client.add(stored, value, ttlSeconds)));
    }

    @Override
    public CompletableFuture<Boolean> delete(String key, Stored seen) {
        String stored = stored(key);
        return serverOf(stored)
                .ask(client -> client.delete(stored, seen.token()))
                .thenApply(status -> status == MemcacheStatus.KEY_NOT_FOUND || isDone(serverOf(stored), status));
    }

    private static CompletableFuture<Void> done(
            WatchedServer server, Function<WatchedServer, CompletableFuture<MemcacheStatus>> question) {
        return question.apply(server).thenAccept(status -> {
            if (status != MemcacheStatus.KEY_NOT_FOUND && !isDone(server, status)) {
                throw new CompletionException(notNow(server, status));
            }
        });
    }

    private static CompletableFuture<Boolean> whether(
            WatchedServer server, Function<WatchedServer, CompletableFuture<MemcacheStatus>> question) {
        return question.apply(server).thenApply(status -> isDone(server, status));
    }

    /** Whether it is done, or something else was there than was to be. */
    private static boolean isDone(WatchedServer server, MemcacheStatus status) {
        return switch (status) {
            case OK -> true;
            case KEY_EXISTS, KEY_NOT_FOUND, ITEM_NOT_STORED -> false;
            case VALUE_TOO_LARGE ->
                throw new CompletionException(new RefusedException(
                        Reason.TOO_LARGE, server.server().address() + " takes no value that is so large"));
            case INVALID_ARGUMENTS ->
                throw new CompletionException(new RefusedException(
                        Reason.REFUSED, server.server().address() + " takes no such key or value"));
            default -> throw new CompletionException(notNow(server, status));
        };
    }

    private static IOException notNow(WatchedServer server, MemcacheStatus status) {
        return new IOException(server.server().address() + " answers " + status);
    }

    private String stored(String key) {
        return keyPrefix.isEmpty() ? key : keyPrefix + key;
    }

    private WatchedServer serverOf(String stored) {
        return requireNonNull(servers.get(ring.of(stored)));
    }

    @Override
    public void close() {
        List<? extends Future<?>> ends =
                servers.values().stream().map(server -> server.server().end()).toList();
        ends.forEach(end -> end.awaitUninterruptibly(TO_END.toMillis()));
    }
}
