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
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server, connected to again whenever its connection ends. */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration SILENT = Duration.ofSeconds(5);
    private static final int CALLS_ON_THEIR_WAY = 100_000;
    private static final ThreadFactory THREADS = new DefaultThreadFactory("millrace-memcached", true);

    /** A password that is wrong is wrong for a while, and whoever tries it without a pause is locked out. */
    private static final long BETWEEN_SIGNING_IN_NANOS = Duration.ofSeconds(5).toNanos();

    private final String address;
    private final MemcachedLookup lookup;
    private volatile Connected connected;
    private long signedIn;
    private boolean ended;

    /**
     * Begins to connect to a server.
     *
     * @throws IllegalArgumentException if a reference cannot be resolved
     */
    Server(String address, MemcachedLookup lookup) {
        this.address = address;
        this.lookup = lookup;
        this.connected = connect();
    }

    /** A client and the thread of its connection, which ends with the thread: that of a user who was refused the client leaves open. */
    private record Connected(MemcacheClient<byte[]> client, EventLoopGroup thread) {
        Future<?> end() {
            client.shutdown();
            return thread.shutdownGracefully(0, SILENT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Waits until it is connected, but for no longer than until a time of {@link System#nanoTime}: it need not be reached yet.
     *
     * @throws IllegalArgumentException if the server does not take the user
     */
    void await(long deadline) {
        try {
            connected.client().awaitConnected(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
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

    private Connected connect() {
        signedIn = System.nanoTime();
        EventLoopGroup thread = new NioEventLoopGroup(1, THREADS);
        try {
            return new Connected(client(thread), thread);
        } catch (RuntimeException e) {
            thread.shutdownGracefully();
            throw e;
        }
    }

    private MemcacheClient<byte[]> client(EventLoopGroup thread) {
        HostAndPort where = HostAndPort.fromString(address);
        MemcacheClientBuilder<byte[]> builder = MemcacheClientBuilder.newByteArrayClient()
                .withAddress(where.getHost(), where.getPort())
                .withEventLoopGroup(thread)
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
        Connected now = connected;
        MemcacheClient<byte[]> asked = now.client();
        Throwable refusal = asked.getConnectionFailure();
        if (refusal != null) {
            replace(now);
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
    private synchronized void replace(Connected refused) {
        if (!ended && connected == refused && System.nanoTime() - signedIn >= BETWEEN_SIGNING_IN_NANOS) {
            connected = connect();
            refused.end();
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

    /** Ends the connection; what is given is done when its thread has ended. */
    synchronized Future<?> end() {
        ended = true;
        return connected.end();
    }
}
