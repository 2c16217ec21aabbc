package io.millrace.testfixtures.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real HTTP server of JSON documents in this JVM, on a free port of 127.0.0.1, which says in pages all that it has.
 *
 * <p><i>Shape</i>: {@code GET /assets} answers the first page, {@code GET /assets?cursor=TOKEN} one that follows:
 *
 * <pre>{@code {"asOf":7,"assets":[{"id":1},{"id":2}],"next":"1-2"}}</pre>
 *
 * <p>{@code next} has the token of the next page, and is null on the last. Documents stand in a page as they were given.
 *
 * <p><i>State</i>: who asks for the first page begins a reading of what there is then, with the version that it has; what is {@link #hold
 * held} later changes none of its pages, since a reading that mixes two versions would be of neither. The last {@value #READINGS} readings are
 * remembered, so that a token has an end, as it has with real services: a page of another one is answered with 410,
 * and what is no token with 400.
 *
 * <p><i>Guarantee</i>: a reading is begun and what is held is changed one at a time, so that no page has half of a change. A page is counted
 * when it is asked for, whatever becomes of it. It is in this JVM, since what is shown with it are answers, not the loss of a process.
 *
 * <p><i>Fails</i>: pages from one on, if it is told to: with a status, or by ending the connection in the middle of the body.
 */
public final class PagedService implements AutoCloseable {
    private static final int READINGS = 16;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final String PATH = "/assets";
    private static final String TOKEN = "cursor=";
    private static final Pattern TOKEN_PARTS = Pattern.compile("([0-9]{1,18})-([0-9]{1,9})");

    static {
        // Or the body waits for what the client's system says to the head, some 40 milliseconds: read by the first
        // server of a JVM.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final int pageSize;
    private final HttpServer server;
    private final Map<Long, Reading> readings = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private Reading held = new Reading(0, List.of());
    private long begun;
    private Duration slowness = Duration.ZERO;
    private Failing failing = new Failing(Integer.MAX_VALUE, OK);

    private PagedService(int pageSize, HttpServer server) {
        this.pageSize = pageSize;
        this.server = server;
    }

    /** Starts a service that has nothing yet, as of version 0. */
    public static PagedService start(int pageSize) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            PagedService service = new PagedService(pageSize, server);
            server.createContext("/", service::answer);
            server.start();
            return service;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the first page is. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    /** Has these documents from now on, each one JSON value, as of a version. */
    public synchronized void hold(long version, List<String> documents) {
        held = new Reading(version, documents);
    }

    /** Answers pages from one on, the first being 1, with a status. */
    public synchronized void failFrom(int page, int status) {
        failing = new Failing(page, status);
    }

    /** Ends the connection in the middle of each page from one on, the first being 1. */
    public synchronized void breakOffFrom(int page) {
        failing = new Failing(page, OK);
    }

    /** Answers all pages, from now on. */
    public synchronized void answerAll() {
        failing = new Failing(Integer.MAX_VALUE, OK);
    }

    /** Takes so long for each page, from now on. */
    public synchronized void takeForEachPage(Duration slowness) {
        this.slowness = slowness;
    }

    /** Forgets the readings that were begun, as after a restart: tokens that are out lead nowhere. */
    public synchronized void forgetReadings() {
        readings.clear();
    }

    /** What was asked for so far, in its order: paths with their queries. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** How often the first page was asked for so far. */
    public synchronized long readingsBegun() {
        return begun;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) {
        Page page = page(exchange);
        later().execute(() -> send(page, exchange));
    }

    private synchronized Executor later() {
        return slowness.isZero()
                ? Runnable::run
                : CompletableFuture.delayedExecutor(slowness.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized Page page(HttpExchange exchange) {
        requests.add(exchange.getRequestURI().toString());
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            return Page.failed(NOT_FOUND);
        }
        String query = requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        return query.startsWith(TOKEN) ? following(query.substring(TOKEN.length())) : first();
    }

    private Page first() {
        begun++;
        readings.put(begun, held);
        readings.remove(begun - READINGS);
        return page(begun, held, 0);
    }

    private Page following(String token) {
        Matcher parts = TOKEN_PARTS.matcher(token);
        if (!parts.matches()) {
            return Page.failed(BAD_REQUEST);
        }
        long number = Long.parseLong(parts.group(1));
        int from = Integer.parseInt(parts.group(2));
        Reading reading = readings.get(number);
        if (reading == null) {
            return Page.failed(GONE);
        }
        return from < reading.documents().size() ? page(number, reading, from) : Page.failed(BAD_REQUEST);
    }

    private Page page(long number, Reading reading, int from) {
        boolean isFailing = from / pageSize + 1 >= failing.page();
        if (isFailing && failing.status() != OK) {
            return Page.failed(failing.status());
        }
        int to = Math.min(from + pageSize, reading.documents().size());
        String next = to < reading.documents().size() ? "\"" + number + "-" + to + "\"" : "null";
        String assets = String.join(",", reading.documents().subList(from, to));
        String body = "{\"asOf\":" + reading.version() + ",\"assets\":[" + assets + "],\"next\":" + next + "}";
        return new Page(OK, body, isFailing);
    }

    private static void send(Page page, HttpExchange exchange) {
        try (exchange) {
            byte[] body = page.body().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(page.status(), body.length);
            exchange.getResponseBody().write(body, 0, page.isBrokenOff() ? body.length / 2 : body.length);
            exchange.getResponseBody().flush();
        } catch (IOException e) {
            // who asked is gone, and needs no answer
        }
    }

    private record Reading(long version, List<String> documents) {
        private Reading {
            documents = List.copyOf(documents);
        }
    }

    private record Failing(int page, int status) {}

    private record Page(int status, String body, boolean isBrokenOff) {
        static Page failed(int status) {
            return new Page(status, "{\"error\":" + status + "}", false);
        }
    }
}
