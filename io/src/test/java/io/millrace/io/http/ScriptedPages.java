package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each address as it was told to, in chunks, and any other with 404. */
final class ScriptedPages implements AutoCloseable {
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private ScriptedPages(HttpServer server) {
        this.server = server;
    }

    static ScriptedPages start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            ScriptedPages pages = new ScriptedPages(server);
            server.createContext("/", pages::send);
            server.start();
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answer(String address, String body) {
        answer(address, body, Map.of());
    }

    void answer(String address, String body, Map<String, String> headers) {
        answer(address, 200, body, headers);
    }

    void answer(String address, int status, String body, Map<String, String> headers) {
        replies.put(address, new Reply(status, body, headers));
    }

    /** The headers that tell who asked, in their order. */
    List<String> authorizations() {
        return authorizations;
    }

    private void send(HttpExchange exchange) throws IOException {
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Reply reply =
                replies.getOrDefault(exchange.getRequestURI().toString(), new Reply(404, "no such page", Map.of()));
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.getResponseHeaders().set("Connection", "close"); // or a body waits for the word that its head has come
        boolean isEmpty = reply.body().isEmpty();
        exchange.sendResponseHeaders(reply.status(), isEmpty ? -1 : 0);
        if (!isEmpty) {
            exchange.getResponseBody().write(reply.body().getBytes(UTF_8));
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Reply(int status, String body, Map<String, String> headers) {}
}
