package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertThrows;

import io.millrace.io.elasticsearch.BulkAnswer.Busy;
import io.millrace.io.elasticsearch.BulkAnswer.Item;
import io.millrace.io.elasticsearch.BulkAnswer.Items;
import io.millrace.io.elasticsearch.BulkAnswer.TooLarge;
import io.millrace.io.elasticsearch.BulkAnswer.Unavailable;
import io.millrace.io.sink.Patience;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimeOfWaiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Requests are sent until every operation is taken or refused. */
public class BulkWriterTest {
    private final List<String> requests = new ArrayList<>();
    private final TimeOfWaiting time = new TimeOfWaiting();

    @Test
    public void sendsAgainWhatTheClusterCouldNotDoAtTheMomentAndNothingElse() throws IOException {
        Function<List<String>, BulkAnswer> cluster = request ->
                items(request, one -> one.equals("b") && requests.size() < 3 ? Verdict.AGAIN : Verdict.TAKEN);

        assertThat(write(cluster, "a", "b", "c"), is(Map.of()));

        assertThat(requests, contains("abc", "b", "b"));
    }

    @Test
    public void halvesARequestThatIsTooLargeUntilTheOneThatIsStandsAlone() throws IOException {
        Function<List<String>, BulkAnswer> cluster =
                request -> request.contains("X") ? new TooLarge("too large") : items(request, one -> Verdict.TAKEN);

        assertThat(write(cluster, "a", "X", "c", "d"), is(Map.of(1, "tooLarge Elasticsearch: too large")));

        assertThat(requests, contains("aXcd", "aX", "a", "X", "cd"));
    }

    @Test
    public void halvesARequestThatIsTooMuch() throws IOException {
        Function<List<String>, BulkAnswer> cluster =
                request -> request.size() > 1 ? new Busy("busy") : items(request, one -> Verdict.TAKEN);

        assertThat(write(cluster, "a", "b", "c"), is(Map.of()));

        assertThat(requests, contains("abc", "ab", "a", "b", "c"));
    }

    @Test
    public void sendsARequestAgainThatWasNotAnswered() throws IOException {
        Function<List<String>, BulkAnswer> cluster = request ->
                requests.size() < 4 ? new Unavailable("connection reset") : items(request, one -> Verdict.TAKEN);

        assertThat(write(cluster, "a", "b"), is(Map.of()));

        assertThat(requests, contains("ab", "ab", "ab", "ab"));
    }

    @Test
    public void saysWhichOperationsWereRefused() throws IOException {
        Function<List<String>, BulkAnswer> cluster =
                request -> items(request, one -> one.equals("b") ? Verdict.REFUSED : Verdict.TAKEN);

        assertThat(write(cluster, "a", "b", "c"), is(Map.of(1, "refused Elasticsearch: b is REFUSED")));
    }

    @Test
    public void failsWhereNoDocumentWouldBeTaken() {
        Function<List<String>, BulkAnswer> cluster = request -> items(request, one -> Verdict.BLOCKED);

        IOException failure = assertThrows(IOException.class, () -> write(cluster, "a"));

        assertThat(failure.getMessage(), is("Elasticsearch: a is BLOCKED"));
    }

    @Test
    public void failsWhenItHasWaitedLongEnough() {
        IOException failure =
                assertThrows(IOException.class, () -> write(request -> new Unavailable("no route to host"), "a"));

        assertThat(failure.getMessage(), containsString("cluster must answer within 5 minutes, but: no route to host"));
    }

    @Test
    public void failsAfterAsLongWhereTheClusterTakesAMinuteNotToAnswer() {
        Function<List<String>, BulkAnswer> cluster = request -> {
            time.pass(Duration.ofMinutes(1));
            return new Unavailable("timeout");
        };

        assertThrows(IOException.class, () -> write(cluster, "a"));

        assertThat(time.passed(), lessThanOrEqualTo(Duration.ofMinutes(7)));
    }

    @Test
    public void goesOnForLongerWhereDocumentsAreTaken() throws IOException {
        Function<List<String>, BulkAnswer> cluster = request -> {
            time.pass(Duration.ofMinutes(2));
            return requests.size() % 2 == 1
                    ? new Unavailable("timeout")
                    : items(request, one -> one.equals(request.get(0)) ? Verdict.TAKEN : Verdict.AGAIN);
        };

        assertThat(write(cluster, "a", "b", "c", "d"), is(Map.of()));
    }

    private Map<Integer, String> write(Function<List<String>, BulkAnswer> cluster, String... operations)
            throws IOException {
        BulkWriter writer = new BulkWriter(
                sent -> {
                    List<String> request =
                            sent.stream().map(bytes -> new String(bytes, UTF_8)).toList();
                    requests.add(String.join("", request));
                    return cluster.apply(request);
                },
                Patience.with("cluster").by(time, time));
        Map<Integer, RefusedException> refused = writer.write(
                Stream.of(operations).map(text -> text.getBytes(UTF_8)).toList());
        return refused.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        one -> one.getValue().reason().text() + " "
                                + one.getValue().message()));
    }

    private static Items items(List<String> request, Function<String, Verdict> verdict) {
        return new Items(request.stream()
                .map(one -> new Item(verdict.apply(one), one + " is " + verdict.apply(one)))
                .toList());
    }
}
