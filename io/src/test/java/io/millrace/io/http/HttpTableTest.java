package io.millrace.io.http;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import com.google.common.io.CountingInputStream;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.io.table.JsonTable;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import io.millrace.transforms.enricher.LookupTable.Loaded;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class HttpTableTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<String> conditions = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String url;
    private volatile Map<String, String> headers = Map.of();
    private volatile String body = "{\"id\":1,\"title\":\"Alien\"}\n";
    private volatile int status = 200;

    @Before
    public void startAServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/videos.jsonl?all=1";
    }

    @After
    public void stopTheServer() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String etag = exchange.getRequestHeaders().getFirst("If-None-Match");
        String since = exchange.getRequestHeaders().getFirst("If-Modified-Since");
        conditions.add(exchange.getRequestURI() + " " + etag + " " + since);
        tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean same = (etag != null && etag.equals(headers.get("ETag")))
                || (since != null && since.equals(headers.get("Last-Modified")));
        if (same) {
            exchange.sendResponseHeaders(304, -1);
        } else {
            exchange.sendResponseHeaders(status, 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        }
        exchange.close();
    }

    private JsonTable table() {
        return new JsonTable("id", HttpTable.of(url));
    }

    private static HttpTable limited(String url, long maxBytes, Duration loadWithin) {
        return new HttpTable(url, Map.of(), null, maxBytes, loadWithin);
    }

    private static String row(Loaded<String, byte[]> loaded) {
        return new String(loaded.table().get("1"), UTF_8);
    }

    private static String failure(JsonTable table) {
        return assertThrows(IOException.class, () -> table.load("")).getMessage();
    }

    @Test
    public void asksWithTheTagOfWhatIsHeld() throws Exception {
        headers = Map.of("ETag", "\"a\"", "Last-Modified", "Wed, 25 Nov 2026 12:00:00 GMT");
        Loaded<String, byte[]> first = table().load("").orElseThrow();
        assertThat(row(first), is("{\"id\":1,\"title\":\"Alien\"}"));
        assertThat(table().load(first.version()), is(Optional.empty()));

        headers = Map.of("ETag", "\"b\"");
        body = "{\"id\":1,\"title\":\"Alias\"}\n";
        assertThat(row(table().load(first.version()).orElseThrow()), is("{\"id\":1,\"title\":\"Alias\"}"));
        assertThat(
                conditions,
                contains(
                        "/videos.jsonl?all=1 null null",
                        "/videos.jsonl?all=1 \"a\" null",
                        "/videos.jsonl?all=1 \"a\" null"));
    }

    @Test
    public void asksWithTheTimeOfWhatIsHeldWhereThereIsNoTag() throws Exception {
        headers = Map.of("Last-Modified", "Wed, 25 Nov 2026 12:00:00 GMT");
        Loaded<String, byte[]> first = table().load("").orElseThrow();

        assertThat(table().load(first.version()), is(Optional.empty()));
        assertThat(conditions, hasItem("/videos.jsonl?all=1 null Wed, 25 Nov 2026 12:00:00 GMT"));
    }

    @Test
    public void whatTellsNoVersionIsReadEachTime() throws Exception {
        Loaded<String, byte[]> first = table().load("").orElseThrow();

        assertThat(first.version(), is(""));
        assertThat(row(table().load(first.version()).orElseThrow()), is("{\"id\":1,\"title\":\"Alien\"}"));
    }

    @Test
    public void aSecretIsSentThatStandsInAFile() throws Exception {
        Path secret = folder.newFile().toPath();
        Files.writeString(secret, "open-sesame\n");
        table();
        new JsonTable(
                        "id",
                        new HttpTable(
                                url,
                                Map.of("Authorization", "Bearer ${file:" + secret + "}"),
                                null,
                                HttpTable.DEFAULT_MAX_BYTES,
                                HttpTable.DEFAULT_LOAD_WITHIN))
                .load("");

        assertThat(tokens, contains("Bearer open-sesame"));
    }

    @Test
    public void anythingButOkFails() {
        status = 503;
        assertThat(failure(table()), is("it answered 503"));
        status = 302;
        assertThat(failure(table()), is("it answered 302"));
    }

    @Test
    public void aRowThatIsNoneFailsWithItsLine() {
        body = "{\"id\":1}\n{\"id\":";
        assertThat(failure(table()), is("line 2: the document ends too early at byte 6"));
    }

    @Test
    public void whatIsLeftOfAnAnswerWithAWrongRowIsNotWaitedFor() {
        body = "{\"id\":}\n" + "{\"id\":1}\n".repeat(1_000_000);
        assertThat(failure(table()), is("line 1: no JSON value at byte 6"));
    }

    @Test
    public void anAnswerThatIsTooLargeFails() {
        JsonTable table = new JsonTable("id", limited(url, 20, HttpTable.DEFAULT_LOAD_WITHIN));
        assertThat(failure(table), is("it has more than maxBytes, 20 bytes"));
    }

    /** Far more than fits between the connection and who reads. */
    @Test
    public void aLargeAnswerIsReadAsItComes() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            rows.append("{\"id\":")
                    .append(i)
                    .append(",\"title\":\"Alien ")
                    .append(i)
                    .append("\"}\n");
        }
        body = rows.toString();
        Loaded<String, byte[]> loaded = table().load("").orElseThrow();

        assertThat(loaded.table().rows(), is(100_000L));
        assertThat(new String(loaded.table().get("99999"), UTF_8), is("{\"id\":99999,\"title\":\"Alien 99999\"}"));
    }

    @Test
    public void anAnswerThatEndsBeforeItsEndIsNoTable() throws Exception {
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":1}\n"),
                startsWith("ended before there was an answer: ConnectionClosedException"));
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":1}\n\r\n"),
                startsWith("ended before there was an answer: ConnectionClosedException"));
        assertThat(
                failureOf("HTTP/1.1 200 OK\r\n\r\n{\"id\":1}\n"),
                is("it must say where its answer ends, by Content-Length or in chunks"));
    }

    @Test
    public void anAnswerThatEndsBetweenTwoCompressedPartsIsNoTable() throws Exception {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        try (OutputStream compressed = new GZIPOutputStream(part)) {
            compressed.write("{\"id\":1}\n".getBytes(UTF_8));
        }
        String chunk = Integer.toHexString(part.size()) + "\r\n" + part.toString(ISO_8859_1) + "\r\n";
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch read = new CountDownLatch(1);
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> OneAnswer.give(
                    service, "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk, read));
            HttpTable http = HttpTable.of("http://127.0.0.1:" + service.getLocalPort() + "/");
            JsonTable table = new JsonTable("id", new Watched(http, part.size(), read));

            assertThat(failure(table), containsString(" ended before there was an answer: ConnectionClosedException"));
            answered.join();
        }
    }

    @Test
    public void anAnswerThatDoesNotComeToItsEndInTimeIsNoTable() throws Exception {
        assertLate("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":1}\n");
        assertLate("");
    }

    /** Of a service that answers this, and leaves the connection open. */
    private static void assertLate(String answer) throws IOException {
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CountDownLatch over = new CountDownLatch(1);
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> OneAnswer.give(service, answer, over));
            String at = "http://127.0.0.1:" + service.getLocalPort() + "/";
            JsonTable table = new JsonTable("id", limited(at, 100, Duration.ofSeconds(1)));

            assertThat(failure(table), is(at + " did not come to its end within PT1S"));
            over.countDown();
            answered.join();
        }
    }

    /** Tells when so many bytes of a text have been read. */
    private record Watched(HttpTable of, int bytes, CountDownLatch read) implements RowPlace {
        @Override
        public String place() {
            return of.place();
        }

        @Override
        public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
            return of.read(held, new RowReader() {
                @Override
                public void row(byte[] row) throws IOException, InterruptedException {
                    rows.row(row);
                }

                @Override
                public void lines(InputStream text) throws IOException, InterruptedException {
                    rows.lines(watched(text));
                }
            });
        }

        private InputStream watched(InputStream text) {
            CountingInputStream counted = new CountingInputStream(text);
            return new FilterInputStream(counted) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] to, int from, int length) throws IOException {
                    if (counted.getCount() == bytes) {
                        read.countDown();
                    }
                    return super.read(to, from, length);
                }
            };
        }
    }

    /** What is said of a service that answers this and ends the connection. */
    private static String failureOf(String answer) throws IOException {
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered =
                    CompletableFuture.runAsync(() -> OneAnswer.give(service, answer, new CountDownLatch(0)));
            String at = "http://127.0.0.1:" + service.getLocalPort() + "/";
            String message = failure(new JsonTable("id", HttpTable.of(at)));
            answered.join();
            return message.replace("the connection to " + at + " ", "");
        }
    }

    @Test
    public void aServiceThatCannotBeReachedFails() {
        server.stop(0);
        String said = url.substring(0, url.indexOf('?'));
        assertThat(failure(table()), startsWith(said + " cannot be reached: "));
        assertThat(failure(table()), not(containsString("all=1")));
        assertThat(table().place(), is(said));
    }

    @Test
    public void whoIsInterruptedWaitsForNoAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            JsonTable table = new JsonTable("id", HttpTable.of("http://127.0.0.1:" + silent.getLocalPort() + "/"));
            AtomicReference<Exception> seen = new AtomicReference<>();
            Thread loading = new Thread(() -> {
                try {
                    table.load("");
                } catch (IOException | InterruptedException e) {
                    seen.set(e);
                }
            });
            loading.start();
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.isConnected(), is(true));
                loading.interrupt();
                waitUntil("it ends", () -> seen.get() instanceof InterruptedException);
            }
        }
    }

    @Test
    public void settingsThatMakeNoSenseAreRefused() {
        assertRefused("url must be http:// or https:// with a host and without a fragment, but was 'videos'", "videos");
        assertRefused(
                "url must have no user or password in it, which a header has, and %40 for any other @",
                "http://me:secret@localhost/");
        assertThat(
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new HttpTable(
                                        url,
                                        Map.of("Authorization", "Bearer x"),
                                        null,
                                        1,
                                        HttpTable.DEFAULT_LOAD_WITHIN))
                        .getMessage(),
                startsWith("headers.Authorization must have a reference in it"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> limited(url, 0, HttpTable.DEFAULT_LOAD_WITHIN))
                        .getMessage(),
                is("maxBytes must be at least 1, but was 0"));
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> limited(url, 1, Duration.ofMillis(999)))
                        .getMessage(),
                is("loadWithin must be at least a second, but was PT0.999S"));
    }

    private static void assertRefused(String message, String url) {
        assertThat(
                assertThrows(IllegalArgumentException.class, () -> HttpTable.of(url))
                        .getMessage(),
                is(message));
    }
}
