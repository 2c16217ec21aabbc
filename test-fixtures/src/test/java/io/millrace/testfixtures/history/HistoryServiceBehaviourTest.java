package io.millrace.testfixtures.history;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The service does what it is told. */
public class HistoryServiceBehaviourTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int MEGABYTES_10 = 10_000_000;

    @Rule
    public final HistoryRule history = new HistoryRule();

    private HistoryClient client;

    @Before
    public void connect() {
        client = new HistoryClient(service());
    }

    @Test
    public void answersAsLateAsItIsTold() throws Exception {
        service()
                .behave(
                        Behaviour.status(503).forKeys("fixed").after(Duration.ofMillis(80)),
                        Behaviour.answer().after(Duration.ofMillis(60), Duration.ofMillis(70)));
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(client.get("fixed-" + i).statusCode(), is(503));
            long refused = System.nanoTime();
            assertThat(client.get("p-" + i).body(), is(Histories.of("p-" + i).orElseThrow()));
            long answered = System.nanoTime();

            assertThat(Duration.ofNanos(refused - start), is(greaterThanOrEqualTo(Duration.ofMillis(80))));
            assertThat(Duration.ofNanos(answered - refused), is(greaterThanOrEqualTo(Duration.ofMillis(60))));
        }
    }

    @Test
    public void failsAShareOfTheCalls() throws Exception {
        service().behave(Behaviour.status(503).forShare(0.3));

        assertThat(client.statuses("p-1", 10), is(List.of(200, 200, 200, 503, 200, 200, 503, 200, 200, 503)));
        assertThat(outcomes(), is(List.of("200", "200", "200", "503", "200", "200", "503", "200", "200", "503")));
    }

    @Test
    public void failsAShareOfTheKeys() throws Exception {
        Behaviour behaviour = Behaviour.status(500).forShareOfKeys(0.5);
        service().behave(behaviour);

        for (int i = 0; i < 20; i++) {
            int expected = behaviour.choice().takes("p-" + i) ? 500 : 200;
            assertThat(client.statuses("p-" + i, 2), is(List.of(expected, expected)));
        }
    }

    @Test
    public void failsTheFirstCallsOfAKey() throws Exception {
        service().behave(Behaviour.status(503).forKeys("p-1").forFirst(2));

        assertThat(client.statuses("p-2", 1), is(List.of(200)));
        assertThat(client.statuses("p-1", 3), is(List.of(503, 503, 200)));
    }

    @Test
    public void behavesSoUntilItIsToldOtherwise() throws Exception {
        service().behave(Behaviour.status(503));
        assertThat(client.statuses("p-1", 3), is(List.of(503, 503, 503)));

        service().behave(Behaviour.status(500));
        assertThat(client.statuses("p-1", 1), is(List.of(500)));

        service().behave();
        assertThat(client.statuses("p-1", 1), is(List.of(200)));
    }

    @Test
    public void throttlesWhatIsMoreWithinASecond() throws Exception {
        service().behave(Behaviour.throttle(3).retryAfter(Duration.ofSeconds(7)));

        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        eventually(
                "a call that passes after one that did not",
                () -> {
                    answers.add(client.get("p-1"));
                    return passedAgain(answers);
                },
                is(true));

        assertThat(HistoryClient.statuses(answers).subList(0, 3), is(List.of(200, 200, 200)));
        for (HttpResponse<byte[]> answer : answers) {
            assertThat(
                    answer.headers().allValues("retry-after"),
                    is(answer.statusCode() == 429 ? List.of("7") : List.of()));
        }
        List<Instant> passed = service().calls().stream()
                .filter(call -> call.outcome().equals("200"))
                .map(Call::arrival)
                .toList();
        assertThat(Duration.between(passed.get(0), passed.get(3)), is(greaterThanOrEqualTo(Duration.ofMillis(900))));
    }

    private static boolean passedAgain(List<HttpResponse<byte[]>> answers) {
        List<Integer> statuses = HistoryClient.statuses(answers);
        return statuses.contains(429) && statuses.lastIndexOf(200) > statuses.indexOf(429);
    }

    @Test
    public void saysWhenToRetryAsADateToo() throws Exception {
        service().behave(Behaviour.status(503).retryAfterDate(Duration.ofSeconds(90)));

        Instant before = Instant.now();
        String header = client.get("p-1").headers().firstValue("retry-after").orElseThrow();
        Instant after = Instant.now();

        assertThat(
                ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant(),
                allOf(
                        greaterThanOrEqualTo(before.plusSeconds(90).truncatedTo(ChronoUnit.MILLIS)),
                        lessThanOrEqualTo(after.plusSeconds(91))));
    }

    @Test
    public void leavesACallHangingUntilItIsReleased() throws Exception {
        service().behave(Behaviour.hang().forKeys("stuck"));
        CompletableFuture<HttpResponse<byte[]>> stuck = client.getAsync("stuck-1");
        eventually("the call in flight", () -> service().counters().inFlight(), is(1L));
        assertThat(client.statuses("p-1", 1), is(List.of(200)));
        assertThat(stuck.isDone(), is(false));

        assertThat(service().releaseHanging(), is(1));

        assertThat(stuck.get().body(), is(Histories.of("stuck-1").orElseThrow()));
        assertThat(outcomes(), is(List.of("hang", "200")));
        assertThat(service().counters(), is(new Counters(2, 2, 0, 2)));
        assertThat(service().releaseHanging(), is(0));
    }

    @Test
    public void aCallThatItsClientGivesUpIsNotInFlight() throws Exception {
        service().behave(Behaviour.hang());
        try (RawConnection connection = new RawConnection(service())) {
            connection.send("GET /history/p-1 HTTP/1.1\r\n\r\n");
            eventually("the call in flight", () -> service().counters().inFlight(), is(1L));
        }

        eventually("no call in flight", () -> service().counters().inFlight(), is(0L));
        assertThat(service().releaseHanging(), is(0));
    }

    @Test
    public void resetsTheConnection() throws Exception {
        service().behave(Behaviour.reset());

        assertThat(bytesOfACall(), is("<Connection reset>"));
        assertThrows(IOException.class, () -> client.post("[\"p-1\"]"));
        assertThat(outcomes(), is(List.of("reset", "reset")));
    }

    @Test
    public void resetsTheConnectionUnderTlsToo() throws Exception {
        service().behave(Behaviour.reset());
        try (RawConnection connection = new RawConnection(
                HistoryClient.trusting(service()).getSocketFactory(), service().tlsUrl())) {
            connection.send("GET /history/p-1 HTTP/1.1\r\n\r\n");

            assertThat(connection.untilEnd(), is("<Connection reset>"));
        }
    }

    @Test
    public void resetsTheConnectionInMidAnswer() throws Exception {
        service().behave(Behaviour.resetInMidAnswer().after(Duration.ofMillis(1)));

        String head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
        assertThat(bytesOfACall(), allOf(startsWith(head), endsWith("<Connection reset>")));
        assertThrows(IOException.class, () -> client.post("[\"p-1\"]"));
        assertThat(outcomes(), is(List.of("reset-in-mid-answer", "reset-in-mid-answer")));
    }

    @Test
    public void closesTheConnectionWithoutAnAnswer() throws Exception {
        service().behave(Behaviour.close());

        assertThat(bytesOfACall(), is("<end>"));
        assertThrows(IOException.class, () -> client.post("[\"p-1\"]"));
        assertThat(outcomes(), is(List.of("close", "close")));
    }

    private String bytesOfACall() throws IOException {
        try (RawConnection connection = new RawConnection(service())) {
            return connection.send("GET /history/p-1 HTTP/1.1\r\n\r\n").untilEnd();
        }
    }

    @Test
    public void answersGarbage() throws Exception {
        service().behave(Behaviour.garbage().forKeys("garbage"), Behaviour.body("[\"of the wrong shape\"]"));

        HttpResponse<byte[]> garbage = client.get("garbage-1");
        HttpResponse<byte[]> wrongShape = client.get("unknown-1");

        assertThat(garbage.statusCode(), is(200));
        assertThat(garbage.headers().firstValue("content-type").orElseThrow(), is("application/json"));
        assertThrows(JsonProcessingException.class, () -> JSON.readTree(garbage.body()));
        assertThat(HistoryClient.text(garbage).getBytes(UTF_8).length == garbage.body().length, is(false));
        assertThat(wrongShape.statusCode(), is(200));
        assertThat(HistoryClient.text(wrongShape), is("[\"of the wrong shape\"]"));
    }

    @Test
    public void answersAsLargeAsItIsTold() throws Exception {
        service().behave(Behaviour.answerOf(MEGABYTES_10));

        byte[] one = client.get("p-1").body();
        byte[] two = client.post("[\"p-1\", \"p-2\"]").body();

        assertThat(one.length, is(MEGABYTES_10));
        assertThat(
                withoutPadding(JSON.readTree(one)),
                is(JSON.readTree(Histories.of("p-1").orElseThrow())));
        assertThat(two.length, is(MEGABYTES_10));
        JsonNode histories = JSON.readTree(two);
        withoutPadding(histories.get("p-2"));
        assertThat(histories, is(JSON.readTree(Histories.of(List.of("p-1", "p-2")))));
        assertThat(client.get("unknown-1").statusCode(), is(404));
        assertThat(HistoryClient.text(client.post("[\"unknown-1\"]")), is("{}"));
    }

    private static JsonNode withoutPadding(JsonNode padded) {
        return ((ObjectNode) padded).without("padding");
    }

    private HistoryService service() {
        return history.service();
    }

    private List<String> outcomes() {
        return service().calls().stream().map(Call::outcome).toList();
    }
}
