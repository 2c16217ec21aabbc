package io.millrace.io.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.SinkContext;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.elasticsearch.ElasticsearchNode;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.server.TcpRelay;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

/** What comes into an index: each result once, the newest of a key, and dead letters of what it refuses. */
public class ElasticsearchWriteTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    private final List<TimestampedValue<Event>> events = new ArrayList<>();

    @Test
    public void writesEachResultOnceHoweverOftenItIsWritten() {
        String index = elasticsearch.name("plays");
        event(0, null, "{\"title\":\"a\"}").event(1, null, "{\"title\":\"b\"}");

        writeWithoutDeadLetters(index, byIdentity(0));
        writeWithoutDeadLetters(index, byIdentity(0));

        assertThat(
                documents(index),
                is(Map.of(
                        "local/plays:0:0;long-plays;0", "{\"title\":\"a\"}",
                        "local/plays:0:1;long-plays;0", "{\"title\":\"b\"}")));
    }

    @Test
    public void aHigherEpochReplacesWhatALowerOneWroteAndNotTheOtherWayRound() {
        String index = elasticsearch.name("plays");
        event(0, null, "{\"title\":\"rerun\"}");
        writeWithoutDeadLetters(index, byIdentity(1));

        events.clear();
        event(0, null, "{\"title\":\"old\"}");
        writeWithoutDeadLetters(index, byIdentity(0));

        assertThat(documents(index), is(Map.of("local/plays:0:0;long-plays;0", "{\"title\":\"rerun\"}")));
        assertThat(node().versions(index), is(Map.of("local/plays:0:0;long-plays;0", 1L)));
    }

    @Test
    public void keepsTheLastEventOfAKeyInWhateverOrderTheyCome() {
        String index = elasticsearch.name("profiles");
        event(7, "p1", "{\"at\":7}").event(9, "p1", "{\"at\":9}").event(8, "p1", "{\"at\":8}");
        event(1, "p2", "{\"at\":1}");
        writeWithoutDeadLetters(index, byKey());

        events.clear();
        event(6, "p1", "{\"at\":6}");
        writeWithoutDeadLetters(index, byKey());

        assertThat(documents(index), is(Map.of("p1", "{\"at\":9}", "p2", "{\"at\":1}")));
    }

    @Test
    public void deletesTheDocumentOfAKeyWithoutValue() {
        String index = elasticsearch.name("profiles");
        event(1, "p1", "{\"at\":1}")
                .event(1, "p2", "{\"at\":1}")
                .event(2, "p1", null)
                .event(3, "never there", null);

        writeWithoutDeadLetters(index, byKey());

        assertThat(documents(index), is(Map.of("p2", "{\"at\":1}")));
    }

    @Test
    public void anOlderEventDoesNotBringADeletedDocumentBack() {
        String index = elasticsearch.name("profiles");
        event(2, "p1", null);
        writeWithoutDeadLetters(index, byKey());

        events.clear();
        event(1, "p1", "{\"at\":1}");
        writeWithoutDeadLetters(index, byKey());

        assertThat(documents(index), is(aMapWithSize(0)));
    }

    @Test
    public void whatTheIndexRefusesIsADeadLetterAndItsNeighboursAreWritten() {
        String index = elasticsearch.name("plays");
        node().createIndex(index, "{\"minutes\": {\"type\": \"integer\"}}");
        event(0, null, "{\"minutes\":1}")
                .event(1, null, "{\"minutes\":\"many\"}")
                .event(2, null, "no JSON");
        event(3, null, "{\"minutes\":3}").event(4, null, null);

        write(
                index,
                byIdentity(0),
                "1 at 2026-01-31T12:00:01.000Z: refused by long-plays/sink",
                "2 at 2026-01-31T12:00:02.000Z: refused by long-plays/sink",
                "4 at 2026-01-31T12:00:04.000Z: noValue by long-plays/sink");

        assertThat(documents(index).values(), contains("{\"minutes\":1}", "{\"minutes\":3}"));
    }

    @Test
    public void aDocumentOverTheLimitIsADeadLetterAndItsNeighboursAreWritten() {
        String index = elasticsearch.name("plays");
        event(0, null, "{\"a\":1}")
                .event(1, null, "{\"a\":\"" + "b".repeat(2000) + "\"}")
                .event(2, null, "{\"a\":2}");

        write(
                sink(index).withMaxDocumentBytes(1000),
                byIdentity(0),
                "1 at 2026-01-31T12:00:01.000Z: tooLarge by long-plays/sink");

        assertThat(documents(index), is(aMapWithSize(2)));
    }

    @Test
    public void aKeyThatCannotBeAnIdIsADeadLetter() {
        String index = elasticsearch.name("profiles");
        event(0, null, "{}").event(1, "", "{}").event(2, "k".repeat(513), "{}").event(3, "k".repeat(512), "{}");

        write(
                index,
                byKey(),
                "0 at 2026-01-31T12:00:00.000Z: refused by long-plays/sink",
                "1 at 2026-01-31T12:00:01.000Z: refused by long-plays/sink",
                "2 at 2026-01-31T12:00:02.000Z: refused by long-plays/sink");

        assertThat(documents(index), is(Map.of("k".repeat(512), "{}")));
    }

    @Test
    public void failsAtOnceWhereNoDocumentCouldBeTaken() {
        String index = elasticsearch.name("plays");
        node().createIndex(index, "{}");
        node().closeIndex(index);
        event(0, null, "{}");

        Throwable failure = assertThrows(Exception.class, () -> writeWithoutDeadLetters(index, byIdentity(0)));

        assertThat(String.valueOf(failure), containsString("index_closed_exception"));
    }

    @Test
    public void failsAtOnceWhereAnAliasDoesNotSayWhichIndexIsWrittenTo() {
        String alias = elasticsearch.name("plays");
        node().createAlias(alias, alias + "-1");
        node().createAlias(alias, alias + "-2");
        event(0, null, "{}");

        Throwable failure = assertThrows(Exception.class, () -> writeWithoutDeadLetters(alias, byIdentity(0)));

        assertThat(String.valueOf(failure), containsString("no write index is defined for alias"));
    }

    @Test
    public void failsAtOnceWhereTheClusterHasNoRoomForTheIndex() {
        try (ElasticsearchNode own = ElasticsearchNode.create(Map.of("cluster.max_shards_per_node", "1"))
                .start()) {
            own.createIndexWithSettings("full", "{\"index.number_of_replicas\": 0}");
            event(0, null, "{}");

            Throwable failure =
                    assertThrows(Exception.class, () -> write(ElasticsearchSink.of(own.url(), "plays"), byIdentity(0)));

            assertThat(String.valueOf(failure), containsString("validation_exception"));
        }
    }

    @Test
    public void waitsWhileAnIndexIsBlockedForWriting() {
        String index = elasticsearch.name("plays");
        node().createIndexWithSettings(index, "{\"index.blocks.write\": true}");
        event(0, null, "{\"a\":1}");

        try (TcpRelay relay = TcpRelay.to(URI.create(node().url()).getPort())) {
            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> write(ElasticsearchSink.of(relay.url(), index), byIdentity(0)));
            Eventually.waitUntil("the node to have refused the request", () -> relay.answeredBytes() > 0);
            node().changeSettings(index, "{\"index.blocks.write\": false}");
            run.join();
        }

        assertThat(documents(index), is(aMapWithSize(1)));
    }

    @Test
    public void waitsForANodeThatIsDownAndWritesEverythingOnceItIsBack() {
        try (ElasticsearchNode own = ElasticsearchNode.create().start()) {
            IntStream.range(0, 5000).forEach(offset -> event(offset, null, "{\"n\":" + offset + "}"));
            own.kill();

            CompletableFuture<Void> run =
                    CompletableFuture.runAsync(() -> write(ElasticsearchSink.of(own.url(), "plays"), byIdentity(0)));
            own.start();
            run.join();

            assertThat(own.documents("plays"), is(aMapWithSize(5000)));
        }
    }

    @Test
    public void makesRequestsSmallerForANodeThatFindsThemTooMuch() {
        try (ElasticsearchNode own = ElasticsearchNode.create(Map.of("indexing_pressure.memory.limit", "100kb"))
                .start()) {
            IntStream.range(0, 1000).forEach(offset -> event(offset, null, "{\"n\":\"" + "-".repeat(500) + "\"}"));

            write(ElasticsearchSink.of(own.url(), "plays"), byIdentity(0));

            assertThat(own.documents("plays"), is(aMapWithSize(1000)));
        }
    }

    @Test
    public void aDocumentThatIsTooMuchForTheNodeAloneIsADeadLetter() {
        try (ElasticsearchNode own = ElasticsearchNode.create(Map.of("http.max_content_length", "1mb"))
                .start()) {
            event(0, null, "{\"a\":1}")
                    .event(1, null, "{\"a\":\"" + "b".repeat(2 << 20) + "\"}")
                    .event(2, null, "{\"a\":2}");

            write(
                    ElasticsearchSink.of(own.url(), "plays"),
                    byIdentity(0),
                    "1 at 2026-01-31T12:00:01.000Z: tooLarge by long-plays/sink");

            assertThat(own.documents("plays"), is(aMapWithSize(2)));
        }
    }

    private ElasticsearchNode node() {
        return elasticsearch.node();
    }

    private ElasticsearchSink sink(String index) {
        return ElasticsearchSink.of(node().url(), index);
    }

    /** An event at a second after noon that is its offset. */
    private ElasticsearchWriteTest event(long offset, @Nullable String key, @Nullable String value) {
        ResultId id = ResultId.of(new Origin("local/plays", 0, offset)).madeBy("long-plays");
        events.add(TimestampedValue.of(
                Event.of(id, utf8(key), utf8(value), Headers.empty()), NOON.plus(Duration.standardSeconds(offset))));
        return this;
    }

    private static SinkContext byIdentity(long epoch) {
        return new SinkContext(new Run("play-events", "", "run-1", epoch), "long-plays", false);
    }

    private static SinkContext byKey() {
        return new SinkContext(new Run("play-events", "", "run-1", 0), "long-plays", true);
    }

    private void writeWithoutDeadLetters(String index, SinkContext context) {
        write(index, context);
    }

    private void write(String index, SinkContext context, String... deadLetters) {
        write(sink(index), context, deadLetters);
    }

    private void write(ElasticsearchSink sink, SinkContext context, String... deadLetters) {
        TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
        PCollection<String> texts = pipeline.apply(Create.timestamped(events))
                .apply(ElasticsearchEvents.write(sink, context))
                .apply(MapElements.into(TypeDescriptors.strings()).via(ElasticsearchWriteTest::text));
        PAssert.that(texts).containsInAnyOrder(deadLetters);
        pipeline.run().waitUntilFinish();
    }

    private static String text(DeadLetter deadLetter) {
        return deadLetter.event().id().origin().offset() + " at " + deadLetter.eventTime() + ": "
                + deadLetter.reason().text() + " by " + deadLetter.route() + "/" + deadLetter.step();
    }

    private Map<String, String> documents(String index) {
        return node().documents(index).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, document -> document.getValue().toString(), (a, b) -> a, TreeMap::new));
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }
}
