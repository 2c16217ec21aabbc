package io.millrace.io.memcached;

import com.spotify.folsom.BinaryMemcacheClient;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A server that is not asked while it is away. */
final class WatchedServer {
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
            circuit.failed(server.address() + " cannot be reached");
        }
    }

    /** Whether it is away; where it is, it is looked for. */
    boolean isAway() {
        if (!circuit.isAway() && !server.isConnected()) {
            circuit.failed(server.address() + " cannot be reached");
        }
        if (circuit.asks(System.nanoTime())) {
            server.ask(BinaryMemcacheClient::noop).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    circuit.answered(System.nanoTime());
                } else {
                    circuit.failed(String.valueOf(failure.getMessage()));
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
                circuit.failed(String.valueOf(failure.getMessage()));
            }
        });
    }
}
