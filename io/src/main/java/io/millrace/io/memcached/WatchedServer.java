package io.millrace.io.memcached;

import com.spotify.folsom.BinaryMemcacheClient;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is not asked while it is away. */
final class WatchedServer {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedServer.class);

    private final Server server;
    private final Circuit circuit = new Circuit();

    WatchedServer(Server server) {
        this.server = server;
    }

    Server server() {
        return server;
    }

    /** Waits until it is connected, as {@link Server#await} does. */
    void await(long deadline) {
        if (!server.await(deadline)) {
            failed(server.address() + " cannot be reached");
        }
    }

    private void failed(String trouble) {
        if (circuit.failed(trouble)) {
            LOG.warn("memcached server {} is away: {}", server.address(), trouble);
        }
    }

    private void answered() {
        if (circuit.answered(System.nanoTime())) {
            LOG.info("memcached server {} is back", server.address());
        }
    }

    /** Whether it is away; where it is, it is looked for. */
    boolean isAway() {
        if (!circuit.isAway() && !server.isConnected()) {
            failed(server.address() + " cannot be reached");
        }
        if (circuit.asks(System.nanoTime())) {
            server.ask(BinaryMemcacheClient::noop).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    answered();
                } else {
                    failed(String.valueOf(failure.getMessage()));
                }
            });
        }
        return circuit.isAway();
    }

    /** The answer to a question; an {@link IOException} at once where it is away. */
    <T> CompletableFuture<T> ask(Function<BinaryMemcacheClient<byte[]>, CompletionStage<T>> question) {
        if (isAway()) {
            return CompletableFuture.failedFuture(new IOException(circuit.trouble()));
        }
        return server.ask(question).whenComplete((answer, failure) -> {
            if (failure != null) {
                failed(String.valueOf(failure.getMessage()));
            }
        });
    }
}
