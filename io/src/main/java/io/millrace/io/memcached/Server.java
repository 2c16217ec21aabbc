package io.millrace.io.memcached;

import com.google.common.base.Throwables;
import com.google.common.net.HostAndPort;
import com.spotify.folsom.ExponentialBackoff;
import com.spotify.folsom.MemcacheAuthenticationException;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheOverloadedException;
import io.millrace.io.config.References;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server, connected to again whenever its connection ends. */
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration SILENT = Duration.ofSeconds(5);
    private static final int CALLS_ON_THEIR_WAY = 100_000;

    private final String address;
    private final MemcachedLookup lookup;
    private final EventLoopGroup threads;
    private volatile MemcacheClient<byte[]> client;

    /**
     * Begins to connect to a server.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved
     */
    Server(String address, MemcachedLookup lookup, EventLoopGroup threads) {
        this.address = address;
        this.lookup = lookup;
        this.threads = threads;
        this.client = connect();
    }

    /**
     * Waits until it is connected, but for no longer than until a time of {@link System#nanoTime}: it need not be reached yet.
     *
     * @throws IllegalArgumentException if the server does not take the user
     */
    void await(long deadline) {
        try {
            client.awaitConnected(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (MemcacheAuthenticationException e) {
            throw new IllegalArgumentException(refusesTheUser(), e);
        } catch (TimeoutException e) {
            LOG.warn("{} cannot be reached: lookups wait until it can be", address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to " + address, e);
        }
    }

    private String refusesTheUser() {
        return address
                + (lookup.user() == null
                        ? " asks for a name: user and password must be given"
                        : " does not take user " + lookup.user() + " with its password");
    }

    private MemcacheClient<byte[]> connect() {
        HostAndPort where = HostAndPort.fromString(address);
        MemcacheClientBuilder<byte[]> builder = MemcacheClientBuilder.newByteArrayClient()
                .withAddress(where.getHost(), where.getPort())
                .withEventLoopGroup(threads)
                .withReplyExecutor(null)
                .withRetry(false)
                .withMaxOutstandingRequests(CALLS_ON_THEIR_WAY)
                .withConnectionTimeoutMillis(SILENT.toMillis())
                .withBackoff(new ExponentialBackoff(10, 1_000, 2));
        if (lookup.user() != null && lookup.password() != null) {
            builder.withUsernamePassword(References.resolve(lookup.user()), References.resolve(lookup.password()));
        }
        return builder.connectBinary();
    }

    /** What is stored under keys, in their order, with null where there is nothing. */
    CompletableFuture<List<byte[]>> get(List<String> keys) {
        MemcacheClient<byte[]> asked = client;
        Throwable refusal = asked.getConnectionFailure();
        if (refusal != null) {
            replace(asked);
            return CompletableFuture.failedFuture(failure(refusal));
        }
        CompletableFuture<List<byte[]>> values = new CompletableFuture<>();
        asked.get(keys).whenComplete((got, failure) -> {
            if (failure == null) {
                values.complete(got);
            } else {
                values.completeExceptionally(failure(Throwables.getRootCause(failure)));
            }
        });
        return values;
    }

    /** A client whose user was refused connects no more; the next one may have the right password. */
    private synchronized void replace(MemcacheClient<byte[]> refused) {
        if (client == refused) {
            client = connect();
        }
    }

    private IOException failure(Throwable failure) {
        if (failure instanceof MemcacheAuthenticationException) {
            return new IOException(refusesTheUser(), failure);
        }
        if (failure instanceof MemcacheOverloadedException) {
            return new IOException(address + " has too many calls to answer", failure);
        }
        return new IOException(address + " cannot be reached: " + failure.getMessage(), failure);
    }

    @Override
    public synchronized void close() {
        client.shutdown();
    }
}
