package io.millrace.io.http;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.history.Behaviour;
import io.millrace.testfixtures.history.Call;
import io.millrace.testfixtures.history.Histories;
import io.millrace.testfixtures.history.HistoryRule;
import io.millrace.transforms.enricher.CacheSettings;
import io.millrace.transforms.enricher.CallSettings;
import io.millrace.transforms.enricher.Enrich;
import io.millrace.transforms.enricher.Enriched;
import io.millrace.transforms.enricher.Enrichment;
import io.millrace.transforms.enricher.OnMiss;
import io.millrace.transforms.enricher.Unenriched;
import io.millrace.transforms.enricher.Unenriched.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.Rule;
import org.junit.Test;

/** Elements enriched by a real service: what becomes of each way in which it answers. */
public class HttpEnrichTest {
    private static final CallSettings CALLS = CallSettings.DEFAULT
            .withTimeout(Duration.ofMinutes(1))
            .withBackoff(Duration.ofMillis(20), Duration.ofMillis(100));

    @Rule
    public final HistoryRule history = new HistoryRule();

    @Rule
    public final TestPipeline pipeline = TestPipeline.create();

    @Test
    public void anElementHasTheValueOfItsKeyOrNone() {
        Enrichment<String, byte[]> enriched = enrich(enrich(), "p-1", "a b/ü", "unknown-1");

        PAssert.that(texts(enriched.results()))
                .containsInAnyOrder(
                        "p-1 " + historyOf("p-1") + " CALL",
                        "a b/ü " + historyOf("a b/ü") + " CALL",
                        "unknown-1 null CALL");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();
    }

    @Test
    public void anElementWhoseLookupIsRefusedIsADeadLetterAndTheOthersGoOn() {
        history.service()
                .behave(
                        Behaviour.status(400).forKeys("bad-"),
                        Behaviour.body("<html>").forKeys("odd-"));
        Enrichment<String, byte[]> enriched =
                enrich(enrich().onMiss(OnMiss.DEAD_LETTER), "p-1", "bad-1", "odd-1", "unknown-1", "p-2");

        PAssert.that(texts(enriched.results()))
                .containsInAnyOrder("p-1 " + historyOf("p-1") + " CALL", "p-2 " + historyOf("p-2") + " CALL");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(
                        new Unenriched<>(
                                "bad-1",
                                Reason.REFUSED,
                                url() + " answered 400 for key 'bad-1': {\"error\":\"status 400\"}"),
                        new Unenriched<>(
                                "odd-1",
                                Reason.REFUSED,
                                url()
                                        + " answered what is no JSON value (no JSON value at byte 0) for key 'odd-1': <html>"),
                        new Unenriched<>("unknown-1", Reason.MISSING, "there is nothing of this key"));
        pipeline.run();
    }

    @Test
    public void whatTheServiceCannotDoNowIsTriedUntilItWorks() {
        history.service()
                .behave(
                        Behaviour.status(500).forKeys("failing-").forFirst(3),
                        Behaviour.reset().forKeys("reset-").forFirst(2),
                        Behaviour.resetInMidAnswer().forKeys("half-").forFirst(2));
        Enrichment<String, byte[]> enriched = enrich(enrich(), "failing-1", "reset-1", "half-1");

        PAssert.that(texts(enriched.results()))
                .containsInAnyOrder(
                        "failing-1 " + historyOf("failing-1") + " CALL",
                        "reset-1 " + historyOf("reset-1") + " CALL",
                        "half-1 " + historyOf("half-1") + " CALL");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();

        assertThat(outcomes("failing-1"), is(List.of("500", "500", "500", "200")));
        assertThat(outcomes("reset-1"), is(List.of("reset", "reset", "200")));
        assertThat(outcomes("half-1"), is(List.of("reset-in-mid-answer", "reset-in-mid-answer", "200")));
    }

    @Test
    public void aCallThatHangsIsGivenUpAndMadeAgain() {
        history.service().behave(Behaviour.hang().forKeys("stuck-").forFirst(1));
        Enrichment<String, byte[]> enriched =
                enrich(enrich().withCalls(CALLS.withTimeout(Duration.ofSeconds(1))), "stuck-1");

        PAssert.that(texts(enriched.results())).containsInAnyOrder("stuck-1 " + historyOf("stuck-1") + " CALL");
        PAssert.that(enriched.deadLetters()).empty();
        pipeline.run();

        List<String> outcomes = outcomes("stuck-1"); // where one takes longer than a second, there are more
        assertThat(outcomes.get(0), is("hang"));
        assertThat(outcomes.get(outcomes.size() - 1), is("200"));
        eventually("calls that hang", () -> history.service().counters().inFlight(), is(0L));
    }

    @Test
    public void pausesAsLongAsTheServiceAsks() {
        history.service()
                .behave(Behaviour.status(429).retryAfter(Duration.ofSeconds(2)).forFirst(1));
        Enrichment<String, byte[]> enriched = enrich(enrich(), "p-1");

        PAssert.that(texts(enriched.results())).containsInAnyOrder("p-1 " + historyOf("p-1") + " CALL");
        pipeline.run();

        List<Call> calls = history.service().calls();
        assertThat(outcomes("p-1"), is(List.of("429", "200")));
        assertThat(
                Duration.between(calls.get(0).arrival(), calls.get(1).arrival()).toMillis(),
                is(greaterThanOrEqualTo(1_800L)));
    }

    @Test
    public void anElementOfWhichNoTryWorksInTimeIsADeadLetter() {
        history.service().behave(Behaviour.status(500));
        Enrichment<String, byte[]> enriched =
                enrich(enrich().withCalls(CALLS.withGiveUpAfter(Duration.ofSeconds(5))), "p-1");

        PAssert.that(enriched.results()).empty();
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>(
                        "p-1",
                        Reason.GAVE_UP,
                        "no lookup worked within 5000 ms, the last of which failed: " + url()
                                + " answered 500 for key 'p-1': {\"error\":\"status 500\"}"));
        pipeline.run();
    }

    @Test
    public void ofABatchThatIsRefusedOnlyTheBadOneIsADeadLetter() {
        String url = history.service().url() + "/history";
        history.service().behave(Behaviour.status(400).forKeys("bad-"));
        Enrichment<String, byte[]> enriched =
                enrich(Enrich.of(key -> key, HttpLookup.ofBatches(url, 3)), "p-1", "bad-1", "p-2");

        PAssert.that(texts(enriched.results()))
                .containsInAnyOrder("p-1 " + historyOf("p-1") + " CALL", "p-2 " + historyOf("p-2") + " CALL");
        PAssert.that(enriched.deadLetters())
                .containsInAnyOrder(new Unenriched<>(
                        "bad-1", Reason.REFUSED, url + " answered 400 for key 'bad-1': {\"error\":\"status 400\"}"));
        pipeline.run();
    }

    @Test
    public void asksForEachKeyOnceWhereAnswersAreKept() {
        List<String> keys =
                IntStream.range(0, 3_000).mapToObj(i -> "p-" + i % 100).toList();
        Enrich<String, String, byte[]> enrich = enrich().withCache(CacheSettings.of(1_000, Duration.ofMinutes(10)));
        PCollection<String> texts = pipeline.apply(Create.of(keys))
                .apply(enrich)
                .results()
                .apply(MapElements.into(TypeDescriptors.strings())
                        .via(one -> one.input() + " " + new String(one.value(), UTF_8)));

        List<String> expected = new ArrayList<>();
        keys.forEach(key -> expected.add(key + " " + historyOf(key)));
        PAssert.that(texts).containsInAnyOrder(expected);
        pipeline.run();

        List<String> asked = new ArrayList<>();
        history.service().calls().forEach(call -> asked.addAll(call.keys()));
        Collections.sort(asked);
        assertThat(asked, is(keys.subList(0, 100).stream().sorted().toList()));
    }

    private Enrichment<String, byte[]> enrich(Enrich<String, String, byte[]> enrich, String... elements) {
        return pipeline.apply(Create.of(List.of(elements))).apply(enrich.named("history"));
    }

    private Enrich<String, String, byte[]> enrich() {
        return Enrich.<String, String, byte[]>of(key -> key, single()).withCalls(CALLS);
    }

    private static PCollection<String> texts(PCollection<Enriched<String, byte[]>> enriched) {
        return enriched.apply(MapElements.into(TypeDescriptors.strings())
                .via(one -> one.input() + " " + (one.value() == null ? null : new String(one.value(), UTF_8)) + " "
                        + one.from()));
    }

    private HttpLookup single() {
        return HttpLookup.of(url());
    }

    private String url() {
        return history.service().url() + "/history/{key}";
    }

    private static String historyOf(String key) {
        return new String(Histories.of(key).orElseThrow(), UTF_8);
    }

    private List<String> outcomes(String key) {
        return history.service().calls().stream()
                .filter(call -> call.keys().equals(List.of(key)))
                .map(Call::outcome)
                .toList();
    }
}
