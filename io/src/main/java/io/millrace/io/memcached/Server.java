package io.millrace.io.memcached;

import com.google.common.base.Throwables;
import com.google.common.net.HostAndPort;
import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.ExponentialBackoff;
import com.spotify.folsom.MemcacheAuthenticationException;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheOverloadedException;
import io.millrace.io.config.References;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server, connected to again whenever its connection ends. */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration TO_CONNECT = Duration.ofSeconds(5);
    private static final int CALLS_ON_THEIR_WAY = 100_000;
    private static final ThreadFactory THREADS = new DefaultThreadFactory("millrace-memcached", true);

    /** A password that is wrong is wrong for a while, and whoever tries it without a pause is locked out. */
    private static final long BETWEEN_SIGNING_IN_NANOS = Duration.ofSeconds(5).toNanos();

    private final String address;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Duration silent;
    private volatile Connected connected;
    private long signedIn;
    private boolean ended;

    /**
     * Begins to connect to a server.
     *
     * @param user the name to sign in with, and a reference to the password; both null where it asks for none
     * @param silent after how long without an answer the connection is given up, and all that waits on it
     * @throws IllegalArgumentException if a reference cannot be resolved
     */
    Server(String address, @Nullable String user, @Nullable String password, Duration silent) {
        this.address = address;
        this.user = user;
        this.password = password;
        this.silent = silent;
        this.connected = connect();
    }

    /** A client and the thread of its connection, which ends with the thread: that of a user who was refused the client leaves open. */
    private record Connected(BinaryMemcacheClient<byte[]> client, EventLoopGroup thread) {
        Future<?> end() {
            client.shutdown();
            return thread.shutdownGracefully(0, TO_CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** {@code host:port}. */
    String address() {
        return address;
    }

    /**
     * Waits until it is connected, but for no longer than until a time of {@link System#nanoTime}: it need not be reached yet. Whether it is.
     *
     * @throws IllegalArgumentException if the server does not take the user
     */
    boolean await(long deadline) {
        try {
            connected.client().awaitConnected(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (MemcacheAuthenticationException e) {
            throw new IllegalArgumentException(refusesTheUser(), e);
        } catch (TimeoutException e) {
            LOG.warn("{} cannot be reached: what is asked of it waits until it can be", address);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to " + address, e);
        }
    }

    /** Whether there is a connection, as far as is known. */
    boolean isConnected() {
        return connected.client().isConnected();
    }

    private String refusesTheUser() {
        return address
                + (user == null
                        ? " asks for a name: user and password must be given"
                        : " does not take user " + user + " with its password");
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

    private BinaryMemcacheClient<byte[]> client(EventLoopGroup thread) {
        HostAndPort where = HostAndPort.fromString(address);
        MemcacheClientBuilder<byte[]> builder = MemcacheClientBuilder.newByteArrayClient()
                .withAddress(where.getHost(), where.getPort())
                .withEventLoopGroup(thread)
                .withReplyExecutor(null)
                .withRetry(false)
                .withMaxOutstandingRequests(CALLS_ON_THEIR_WAY)
                .withConnectionTimeoutMillis(silent.toMillis())
                .withMaxSetLength(Integer.MAX_VALUE) // what is too large says the server
                .withBackoff(new ExponentialBackoff(10, 1_000, 2));
        if (user != null && password != null) {
            builder.withUsernamePassword(References.resolve(user), References.resolve(password));
        }
        return builder.connectBinary();
    }

    /** The answer to a question; where it cannot be asked, or is not answered, an {@link IOException} that says of what server. */
    <T> CompletableFuture<T> ask(Function<BinaryMemcacheClient<byte[]>, CompletionStage<T>> question) {
        Connected now = connected;
        Throwable refusal = now.client().getConnectionFailure();
        if (refusal != null) {
            replace(now);
            return CompletableFuture.failedFuture(failure(refusal));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        question.apply(now.client()).whenComplete((given, failure) -> {
            if (failure == null) {
                answer.complete(given);
            } else {
                answer.completeExceptionally(failure(Throwables.getRootCause(failure)));
            }
        });
        return answer;
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
