package io.millrace.testfixtures.history;

import static io.millrace.testfixtures.Eventually.eventually;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The service is a real one, whose answers are known and whose calls are recorded. */
public class HistoryServiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final HistoryRule history = new HistoryRule();

    private HistoryClient client;

    @Before
    public void connect() {
        client = new HistoryClient(service());
    }

    @Test
    public void answersWithTheHistoryOfAProfile() throws Exception {
        HttpResponse<byte[]> answer = client.get("p-1");

        assertThat(answer.statusCode(), is(200));
        assertThat(answer.headers().firstValue("content-type").orElseThrow(), is("application/json"));
        assertThat(answer.body(), is(Histories.of("p-1").orElseThrow()));
    }

    @Test
    public void anUnknownProfileIsNotFound() throws Exception {
        HttpResponse<byte[]> answer = client.get("unknown-1");

        assertThat(answer.statusCode(), is(404));
        assertThat(HistoryClient.text(answer), is("{\"error\":\"unknown profile\"}"));
    }

    @Test
    public void answersABatchWithTheKnownOnes() throws Exception {
        HttpResponse<byte[]> answer = client.post("[\"p-1\", \"unknown-1\", \"p-2\"]");

        assertThat(answer.statusCode(), is(200));
        assertThat(answer.body(), is(Histories.of(List.of("p-1", "p-2"))));
    }

    @Test
    public void takesIdsOfAnyCharacters() throws Exception {
        String id = "a b/c?d&e=\"f\",\\g%20+ü 東京 \uD83C\uDFAC\n";

        assertThat(client.get(id).body(), is(Histories.of(id).orElseThrow()));
        assertThat(client.post(JSON.writeValueAsString(List.of(id, ""))).body(), is(Histories.of(List.of(id, ""))));
        assertThat(service().calls().stream().map(Call::keys).toList(), is(List.of(List.of(id), List.of(id, ""))));
    }

    @Test
    public void whatIsNoLookupIsRefusedAndNotRecorded() throws Exception {
        assertThat(client.post("[\"p-1\"").statusCode(), is(400));
        assertThat(client.post("{\"p-1\": 1}").statusCode(), is(400));
        assertThat(HistoryClient.text(client.post("[\"p-1\", null]")), is("{\"error\":\"no array of ids\"}"));
        assertThat(client.post("").statusCode(), is(400));
        assertThat(
                HistoryClient.text(client.send(client.request("/histories/p-1"))), is("{\"error\":\"no such path\"}"));
        assertThat(client.send(client.request("/control/no-such-thing")).statusCode(), is(404));

        assertThat(service().calls(), is(List.of()));
    }

    @Test
    public void answersTheRequestsOfAConnectionInTheirOrder() throws Exception {
        service().behave(Behaviour.status(503).forKeys("slow").after(Duration.ofMillis(200)), Behaviour.body("{}"));
        try (RawConnection connection = new RawConnection(service())) {
            connection.send("GET /history/slow HTTP/1.1\r\n\r\nGET /history/p-1 HTTP/1.1\r\nConnection: close\r\n\r\n");

            assertThat(
                    connection.untilEnd(),
                    is("HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 22\r\n"
                            + "\r\n{\"error\":\"status 503\"}"
                            + "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
                            + "connection: close\r\n\r\n{}<end>"));
        }
    }

    @Test
    public void isTrustedOverTlsWithItsCertificateAlone() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service().tlsUrl() + "/history/p-1"))
                .build();
        HttpClient trusting = HttpClient.newBuilder()
                .sslContext(HistoryClient.trusting(service()))
                .build();

        assertThrows(SSLHandshakeException.class, () -> client.send(request));
        assertThat(
                trusting.send(request, BodyHandlers.ofByteArray()).body(),
                is(Histories.of("p-1").orElseThrow()));
        assertThat(outcomes(), is(List.of("200")));
    }

    @Test
    public void recordsEachCall() throws Exception {
        Instant before = Instant.now().minusSeconds(10); // clocks are set back now and then
        service().behave(Behaviour.status(500).forKeys("p-3"));
        client.get("p-1");
        client.get("unknown-2");
        client.post("[\"p-3\", \"p-4\", \"p-3\"]");
        client.post("[]");
        Instant after = Instant.now();

        List<Call> calls = service().calls();

        assertThat(
                calls.stream().map(Call::arrival).toList(),
                everyItem(allOf(greaterThanOrEqualTo(before), lessThanOrEqualTo(after))));
        assertThat(
                calls,
                is(List.of(
                        new Call(calls.get(0).arrival(), "GET", List.of("p-1"), "200"),
                        new Call(calls.get(1).arrival(), "GET", List.of("unknown-2"), "404"),
                        new Call(calls.get(2).arrival(), "POST", List.of("p-3", "p-4", "p-3"), "500"),
                        new Call(calls.get(3).arrival(), "POST", List.of(), "200"))));
        assertThat(service().callsSince(2), is(calls.subList(2, 4)));
        assertThat(service().callsSince(4), is(List.of()));
        assertThat(service().counters(), is(new Counters(4, 5, 0, 1)));
    }

    @Test
    public void forgetsCalls() throws Exception {
        client.get("p-1");

        service().forgetCalls();

        assertThat(service().calls(), is(List.of()));
        assertThat(service().counters(), is(new Counters(0, 0, 0, 0)));
        client.get("p-2");
        assertThat(service().callsSince(0).get(0).keys(), is(List.of("p-2")));
    }

    @Test
    public void comesBackOnTheSamePortsAndGoesOnAsItWasTold() throws Exception {
        service().behave(Behaviour.status(503).forKeys("p-2"));
        client.get("p-1");

        service().kill();
        assertThrows(ConnectException.class, () -> client.get("p-1"));
        service().start();
        assertThat(service().calls(), is(List.of()));
        assertThat(client.statuses("p-2", 1), is(List.of(503)));

        service().stop();
        assertThrows(ConnectException.class, () -> client.get("p-1"));
        service().behave(Behaviour.status(500).forKeys("p-2"));
        service().start();
        assertThat(client.statuses("p-2", 1), is(List.of(500)));
        assertThat(outcomes(), is(List.of("500")));
    }

    @Test
    public void aPausedServiceKeepsItsClientsWaiting() throws Exception {
        HttpRequest impatient = HttpRequest.newBuilder(URI.create(service().url() + "/history/p-1"))
                .timeout(Duration.ofMillis(500))
                .build();
        service().process().pause();
        assertThrows(HttpTimeoutException.class, () -> client.send(impatient));
        service().process().resume();

        assertThat(client.get("p-1").body(), is(Histories.of("p-1").orElseThrow()));
    }

    @Test
    public void holdsThousandsOfCallsAtOnce() throws Exception {
        List<String> keys = IntStream.range(0, 3_000).mapToObj(i -> "p-" + i).toList();
        service().behave(Behaviour.hang());
        Map<String, CompletableFuture<HttpResponse<byte[]>>> answers = new HashMap<>();
        keys.forEach(key -> answers.put(key, client.getAsync(key)));

        eventually("all of them in flight", () -> service().counters(), is(new Counters(3_000, 3_000, 3_000, 3_000)));
        assertThat(service().releaseHanging(), is(3_000));

        for (String key : keys) {
            assertThat(answers.get(key).get().body(), is(Histories.of(key).orElseThrow()));
        }
        assertThat(
                service().calls().stream()
                        .flatMap(call -> call.keys().stream())
                        .sorted()
                        .toList(),
                is(keys.stream().sorted().toList()));
        assertThat(service().counters(), is(new Counters(3_000, 3_000, 0, 3_000)));
    }

    private HistoryService service() {
        return history.service();
    }

    private List<String> outcomes() {
        return service().calls().stream().map(Call::outcome).toList();
    }
}
