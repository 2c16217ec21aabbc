package io.millrace.io.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is sent beside a key, and that no secret comes back out. */
public class HttpHeadersTest {
    private static final String SECRET = "open-sesame";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicReference<HttpExchange> last = new AtomicReference<>();
    private HttpServer server;
    private String reference;

    @Before
    public void start() throws Exception {
        Path file = folder.newFile("secret").toPath();
        Files.writeString(file, SECRET + "\n");
        reference = "${file:" + file + "}";
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/json", exchange -> answer(exchange, 200, "{}"));
        server.createContext("/nothing", exchange -> answer(exchange, 204, ""));
        server.createContext(
                "/echo",
                exchange -> answer(
                        exchange,
                        403,
                        "may not: " + exchange.getRequestHeaders().getFirst("Authorization")));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url("/json/1?token=" + SECRET));
            answer(exchange, 302, "");
        });
        server.start();
    }

    @After
    public void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            last.set(exchange);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private HttpLookup withSecret(String path) {
        return HttpLookup.of(url(path)).withHeaders(Map.of("Authorization", "Bearer " + reference, "X-Region", "eu"));
    }

    @Test
    public void sendsHeadersWithTheirReferencesResolved() throws Exception {
        assertThat(ask(withSecret("/json/{key}?full=true")).keySet(), is(Set.of("p-1")));

        assertThat(last.get().getRequestURI().toString(), is("/json/p-1?full=true"));
        assertThat(sent("Authorization"), is(List.of("Bearer " + SECRET)));
        assertThat(sent("X-region"), is(List.of("eu")));
        assertThat(sent("Accept"), is(List.of("application/json")));
        assertThat(sent("User-agent"), is(List.of("millrace")));
        assertThat(last.get().getProtocol(), is("HTTP/1.1"));
    }

    @Test
    public void ofItsOwnHeadersSomeCanBeReplaced() throws Exception {
        ask(HttpLookup.ofBatches(url("/json"), 2)
                .withHeaders(Map.of("accept", "application/vnd.history+json", "user-agent", "play-events")));

        assertThat(sent("Accept"), is(List.of("application/vnd.history+json")));
        assertThat(sent("User-agent"), is(List.of("play-events")));
        assertThat(sent("Content-type"), is(List.of("application/json")));
    }

    @Test
    public void anAnswerWithoutContentIsNoValue() throws Exception {
        assertThat(ask(withSecret("/nothing/{key}")), is(Map.of()));
    }

    @Test
    public void aRedirectIsRefusedAndNotFollowed() {
        assertThat(
                refusal(withSecret("/moved/{key}")),
                is(url("/moved/{key}") + " answered 302 (to " + url("/json/1?token=***") + ") for key 'p-1'"));
    }

    @Test
    public void noSecretIsInAMessage() {
        assertThat(
                refusal(withSecret("/echo/{key}")),
                is(url("/echo/{key}") + " answered 403 for key 'p-1': may not: Bearer ***"));
    }

    @Test
    public void noSecretIsInWhatIsSerialised() {
        HttpLookup lookup = withSecret("/json/{key}");

        String bytes = new String(SerializableUtils.serializeToByteArray(lookup), ISO_8859_1);

        assertThat(bytes, containsString(reference));
        assertThat(bytes, not(containsString(SECRET)));
        assertThat(lookup.toString(), not(containsString(SECRET)));
        assertThat(SerializableUtils.clone(lookup), is(lookup));
    }

    @Test
    public void aSecretOfSeveralLinesIsNoHeader() throws Exception {
        Path file = folder.newFile("lines").toPath();
        Files.writeString(file, SECRET + "\nX-Other: 1");
        HttpLookup lookup = HttpLookup.of(url("/json/{key}")).withHeaders(Map.of("X-A", "${file:" + file + "}"));

        assertThat(
                assertThrows(IllegalArgumentException.class, lookup::open).getMessage(),
                is("headers.X-A must be one line of printable ASCII"));
    }

    private static Map<String, byte[]> ask(HttpLookup lookup) throws Exception {
        try (LookupClient<String, byte[]> client = lookup.open()) {
            return client.lookUp(Set.of("p-1")).toCompletableFuture().get(1, TimeUnit.MINUTES);
        }
    }

    private static String refusal(HttpLookup lookup) {
        Throwable failure =
                assertThrows(ExecutionException.class, () -> ask(lookup)).getCause();
        return ((LookupRefusedException) failure).getMessage();
    }

    private List<String> sent(String header) {
        return last.get().getRequestHeaders().get(header);
    }
}
