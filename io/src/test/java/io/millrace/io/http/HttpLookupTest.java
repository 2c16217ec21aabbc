package io.millrace.io.http;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.Call;
import io.millrace.testfixtures.history.Histories;
import io.millrace.testfixtures.history.HistoryRule;
import io.millrace.testfixtures.history.HistoryService;
import io.millrace.testfixtures.server.FreePorts;
import io.millrace.transforms.enricher.LookupClient;
import io.millrace.transforms.enricher.LookupRefusedException;
import io.millrace.transforms.enricher.LookupThrottledException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Asks a real service, and what it answers is what {@link HttpLookup} says. */
public class HttpLookupTest {
    private static final int MEGABYTES_10 = 10_000_000;

    @Rule
    public final HistoryRule history = new HistoryRule();

    private LookupClient<String, byte[]> client;

    @After
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    @Test
    public void answersWithTheBytesOfTheService() throws Exception {
        open(single());

        assertThat(ask("p-1"), is(Map.of("p-1", text(Histories.of("p-1").orElseThrow()))));
        assertThat(calls(), is(List.of("GET [p-1] 200")));
    }

    @Test
    public void asksForKeysOfAnyCharacters() throws Exception {
        open(single());
        List<String> keys = List.of(
                "a b", "a/b", "a//b", "../a", "ü", "\"quoted\"", "東京 \uD83C\uDFAC", "50%", "%2F", "a+b&c=d?e#f;g\\h\n");

        for (String key : keys) {
            assertThat(ask(key), is(Map.of(key, text(Histories.of(key).orElseThrow()))));
        }

        assertThat(
                history.service().calls().stream().map(Call::keys).toList(),
                is(keys.stream().map(List::of).toList()));
    }

    @Test
    public void takesAnyJsonValueWithoutTheSpaceAroundIt() throws Exception {
        open(single());

        assertThat(answered(" {\"a\": [1, 2 ]} \r\n"), is(Map.of("p", "{\"a\": [1, 2 ]}")));
        assertThat(answered("\"ü\""), is(Map.of("p", "\"ü\"")));
        assertThat(answered("-1.50"), is(Map.of("p", "-1.50")));
        assertThat(answered(" null "), is(Map.of()));
    }

    @Test
    public void whatIsNotFoundHasNoValue() throws Exception {
        open(single());

        assertThat(ask("unknown-1"), is(Map.of()));
        assertThat(calls(), is(List.of("GET [unknown-1] 404")));
    }

    @Test
    public void asksForSeveralKeysInOneCall() throws Exception {
        open(batches());
        List<String> keys = List.of("p-1", "a b/ü", "\uD83C\uDFAC \"x\"\\\n", "");

        Map<String, String> values = ask("p-1", "a b/ü", "\uD83C\uDFAC \"x\"\\\n", "", "unknown-1");

        Map<String, String> expected = new TreeMap<>();
        keys.forEach(key -> expected.put(key, text(Histories.of(key).orElseThrow())));
        assertThat(new TreeMap<>(values), is(expected));
        assertThat(history.service().counters().calls(), is(1L));
        assertThat(history.service().counters().keys(), is(5L));
    }

    @Test
    public void takesEachKindOfValueOutOfABatch() throws Exception {
        open(batches());
        history.service()
                .behave(Behaviour.body(
                        " { \"a\" : -1.50 ,\"b\":\"x,}\\\"\", \"c\" : [ 1, {\"d\":2} ] , \"d\":{ \"a\":1 }\n,\"e\":true,\"f\":null,"
                                + "\"g\":1,\"g\":2, \"h\":3, \"h\":null, \"\\u0069\":12, \"other\":1 } "));

        assertThat(
                new TreeMap<>(ask("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")),
                is(new TreeMap<>(Map.of(
                        "a",
                        "-1.50",
                        "b",
                        "\"x,}\\\"\"",
                        "c",
                        "[ 1, {\"d\":2} ]",
                        "d",
                        "{ \"a\":1 }",
                        "e",
                        "true",
                        "g",
                        "2",
                        "i",
                        "12"))));
    }

    @Test
    public void refusesABatchThatIsNotAnsweredByAnObject() {
        open(batches());
        history.service().behave(Behaviour.body("[1]"));

        assertThat(refusal("p-1"), is(batchUrl() + " answered what is no JSON object for key 'p-1': [1]"));
    }

    @Test
    public void refusesABatchOfWhichTheServiceKnowsNoSuchPath() {
        open(batches());
        history.service().behave(Behaviour.status(404));

        assertThat(refusal("p-1"), is(batchUrl() + " answered 404 for key 'p-1': {\"error\":\"status 404\"}"));
    }

    @Test
    public void refusesWhatTheServiceRefuses() {
        open(single());
        history.service().behave(Behaviour.status(400));

        assertThat(refusal("p-1"), is(url() + " answered 400 for key 'p-1': {\"error\":\"status 400\"}"));
    }

    @Test
    public void refusesAnAnswerThatIsNoJson() {
        open(single());
        history.service().behave(Behaviour.garbage());

        assertThat(
                refusal("p-1"),
                both(startsWith(url() + " answered what is no JSON value (not UTF-8 at byte 2) for key 'p-1': {\""))
                        .and(endsWith(" <")));

        history.service().behave(Behaviour.body("<html>\n <body>" + "no such page ".repeat(100)));
        assertThat(
                refusal("p-1"),
                is(url() + " answered what is no JSON value (no JSON value at byte 0) for key 'p-1': "
                        + ("<html> <body>" + "no such page ".repeat(100)).substring(0, 200) + "..."));

        history.service().behave(Behaviour.body(""));
        assertThat(
                refusal("p-1"),
                is(url() + " answered what is no JSON value (the document ends too early at byte 0) for key 'p-1'"));
    }

    @Test
    public void refusesAnAnswerThatIsTooLargeAndReadsNoMoreOfIt() throws Exception {
        open(single().withMaxAnswerBytes(100_000));
        history.service().behave(Behaviour.answerOf(MEGABYTES_10));

        assertThat(
                refusal("p-1"),
                startsWith(url()
                        + " answered more than maxAnswerBytes, 100000 bytes, for key 'p-1': {\"profile_id\":\"p-1\""));

        history.service().behave();
        assertThat(ask("p-2").keySet(), is(Set.of("p-2")));
    }

    @Test
    public void takesAnAnswerOfTheLargestSize() throws Exception {
        String largest = "\"" + "x".repeat(199_998) + "\"";
        open(single().withMaxAnswerBytes(200_000));

        assertThat(answered(largest), is(Map.of("p", largest)));
        history.service().behave(Behaviour.body(largest + " "));
        assertThat(refusal("p"), startsWith(url() + " answered more than maxAnswerBytes, 200000 bytes, for key 'p'"));
    }

    @Test
    public void takesAnAnswerOfTenMegabytesWhereItMay() throws Exception {
        open(single().withMaxAnswerBytes(2 * MEGABYTES_10));
        history.service().behave(Behaviour.answerOf(MEGABYTES_10));

        String value = ask("p-1").get("p-1");

        assertThat(value.length(), is(greaterThan(MEGABYTES_10 - 1)));
        assertThat(value, startsWith("{\"profile_id\":\"p-1\""));
        assertThat(value, endsWith("\"}"));
    }

    @Test
    public void pausesAsLongAsTheServiceAsks() {
        open(single());

        history.service().behave(Behaviour.status(429).retryAfter(Duration.ofSeconds(7)));
        assertThat(pause(), is(Duration.ofSeconds(7)));
        history.service().behave(Behaviour.status(503).retryAfter(Duration.ofSeconds(8)));
        assertThat(pause(), is(Duration.ofSeconds(8)));
        history.service().behave(Behaviour.status(429).retryAfterDate(Duration.ofMinutes(1)));
        assertThat(
                pause(), is(both(greaterThan(Duration.ofSeconds(50))).and(lessThanOrEqualTo(Duration.ofSeconds(61)))));
        history.service().behave(Behaviour.status(429));
        assertThat(pause(), is(Duration.ofSeconds(1)));
    }

    @Test
    public void triesAgainWhatTheServiceCannotDoNow() {
        open(single());
        for (int status : List.of(408, 500, 502, 503, 504)) {
            history.service().behave(Behaviour.status(status));

            assertThat(
                    failure("p-1"),
                    is(url() + " answered " + status + " for key 'p-1': {\"error\":\"status " + status + "\"}"));
        }
    }

    @Test
    public void triesAgainWhereTheConnectionEnds() {
        open(single());
        String ended = "the connection to " + url() + " ended before there was an answer: ";

        history.service().behave(Behaviour.reset());
        assertThat(failure("p-1"), is(ended + "SocketException, Connection reset"));
        history.service().behave(Behaviour.close());
        assertThat(failure("p-1"), startsWith(ended + "ConnectionClosedException, "));
        history.service().behave(Behaviour.resetInMidAnswer());
        assertThat(
                failure("p-1"),
                anyOf(
                        is(ended + "SocketException, Connection reset"),
                        startsWith(ended + "ConnectionClosedException, ")));
    }

    @Test
    public void triesAgainWhereNobodyListens() {
        open(HttpLookup.of("http://127.0.0.1:" + FreePorts.next() + "/{key}"));

        assertThat(failure("p-1"), endsWith("/{key} cannot be reached: ConnectException, Connection refused"));
    }

    @Test
    public void triesAgainWhereTheHostIsUnknown() {
        open(HttpLookup.of("http://no-such-host.invalid/{key}"));

        assertThat(
                failure("p-1"),
                startsWith(
                        "http://no-such-host.invalid/{key} cannot be reached: UnknownHostException, no-such-host.invalid"));
    }

    @Test
    public void trustsTheSignersOfTheFileAlone() throws Exception {
        String url = service().tlsUrl() + "/history/{key}";
        open(HttpLookup.of(url));
        assertThat(
                failure("p-1"),
                startsWith(url + " is answered by a host whose certificate is not trusted: caFile must have the"
                        + " certificates (PEM) of who signed it: SSLHandshakeException, "));

        client.close();
        open(HttpLookup.of(url).withCaFile(service().caFile().toString()));
        assertThat(ask("p-1"), is(Map.of("p-1", text(Histories.of("p-1").orElseThrow()))));
        assertThat(calls(), is(List.of("GET [p-1] 200")));
    }

    @Test
    public void aCancelledLookupEndsItsConnection() throws Exception {
        open(single());
        history.service().behave(Behaviour.hang());
        CompletableFuture<Map<String, byte[]>> answer =
                client.lookUp(Set.of("p-1")).toCompletableFuture();
        eventually("calls that hang", () -> service().counters().inFlight(), is(1L));

        answer.cancel(true);

        eventually("calls that hang", () -> service().counters().inFlight(), is(0L));
        history.service().behave();
        assertThat(ask("p-2").keySet(), is(Set.of("p-2")));
    }

    @Test
    public void refusesKeysThatCannotBeAskedFor() {
        open(single());
        assertThat(refusal(""), is("key must not be empty, where it is part of a url"));
        assertThat(refusal("a\uD83C"), is("key must be text that UTF-8 can hold, but has half of a surrogate pair"));

        client.close();
        open(batches());
        assertThat(refusal("a\uD83C"), is("key must be text that UTF-8 can hold, but has half of a surrogate pair"));
        assertThat(calls(), is(List.of()));
    }

    @Test
    public void asksManyAtATimeOnFewThreads() throws Exception {
        open(single());
        history.service().behave(Behaviour.hang());
        List<CompletableFuture<Map<String, byte[]>>> answers = IntStream.range(0, 200)
                .mapToObj(i -> client.lookUp(Set.of("p-" + i)).toCompletableFuture())
                .toList();
        eventually("calls that hang", () -> service().counters().inFlight(), is(200L));

        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millrace-http-lookup"))
                .count();
        assertThat(threads, is(lessThanOrEqualTo(5L)));

        assertThat(service().releaseHanging(), is(200));
        for (int i = 0; i < 200; i++) {
            assertThat(
                    text(answers.get(i).get(1, TimeUnit.MINUTES).get("p-" + i)),
                    is(text(Histories.of("p-" + i).orElseThrow())));
        }
    }

    @Test
    public void aClosedClientFailsItsLookups() throws Exception {
        open(single());
        history.service().behave(Behaviour.hang());
        CompletableFuture<Map<String, byte[]>> answer =
                client.lookUp(Set.of("p-1")).toCompletableFuture();
        eventually("calls that hang", () -> service().counters().inFlight(), is(1L));

        client.close();

        Throwable failed = assertThrows(ExecutionException.class, () -> answer.get(1, TimeUnit.MINUTES))
                .getCause();
        assertThat(failed, is(instanceOf(IOException.class)));
        eventually("calls that hang", () -> service().counters().inFlight(), is(0L));
        assertThat(failure("p-2", IllegalStateException.class), containsString("not"));
    }

    private HistoryService service() {
        return history.service();
    }

    private String url() {
        return service().url() + "/history/{key}";
    }

    private String batchUrl() {
        return service().url() + "/history";
    }

    private HttpLookup single() {
        return HttpLookup.of(url());
    }

    private HttpLookup batches() {
        return HttpLookup.ofBatches(batchUrl(), 10);
    }

    private void open(HttpLookup lookup) {
        client = lookup.open();
    }

    private Map<String, String> ask(String... keys) throws Exception {
        Map<String, String> texts = new TreeMap<>();
        answer(keys).forEach((key, value) -> texts.put(key, text(value)));
        return texts;
    }

    private Map<String, byte[]> answer(String... keys) throws Exception {
        return client.lookUp(Set.of(keys)).toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    private Map<String, String> answered(String body) throws Exception {
        service().behave(Behaviour.body(body));
        return ask("p");
    }

    private String refusal(String key) {
        return failure(key, LookupRefusedException.class);
    }

    /** The message of a failure after which it is tried again. */
    private String failure(String key) {
        return failure(key, IOException.class);
    }

    private <T extends Exception> String failure(String key, Class<T> kind) {
        return kind.cast(failureOf(() -> answer(key), kind)).getMessage();
    }

    private Duration pause() {
        LookupThrottledException throttled =
                (LookupThrottledException) failureOf(() -> answer("p-1"), LookupThrottledException.class);
        assertThat(throttled.getMessage(), startsWith(url() + " answered "));
        return throttled.pause();
    }

    private static Throwable failureOf(ThrowingRunnable asking, Class<?> kind) {
        Throwable failure = assertThrows(ExecutionException.class, asking).getCause();
        assertThat(failure, is(instanceOf(kind)));
        return failure;
    }

    private List<String> calls() {
        return service().calls().stream()
                .map(call -> call.method() + " " + call.keys() + " " + call.outcome())
                .toList();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, UTF_8);
    }
}
