package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.sink.Leftovers.Removed;
import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.Replayed;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.OffsetRange;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import io.millrace.transforms.event.Run;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.joda.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a rewound job has not made again of a topic is taken back. Events from the fourth on were read again. */
public class KafkaLeftoversTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ROUTE = "all";
    private static final Replayed FROM_THE_FOURTH = (stream, partition) ->
            stream.equals("cluster/plays") ? Optional.of(new OffsetRange(4, 20)) : Optional.empty();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private String out;

    @Before
    public void createTopic() {
        out = kafka.topic("out", 2);
    }

    @Test
    public void retractsWhatWasNotMadeAgainAndNothingElse() throws Exception {
        write(0, ROUTE, "wrong", 0, 1, 2, 3, 4, 5, 6, 7, 20);
        write(0, "another", "theirs", 6);
        write(1, ROUTE, "right", 4, 5);
        int before = records().size();

        assertThat(remove(Retract.RECORD, 1), is(new Removed(2, 0)));

        Map<String, String> expected = results("wrong", 0, 1, 2, 3, 20);
        expected.putAll(results("right", 4, 5));
        expected.put(id(6).madeBy("another").toString(), "theirs");
        assertThat(held(), is(expected));
        assertThat(
                records().stream()
                        .filter(read -> read.headers().lastHeader("millrace-retracts") != null)
                        .map(WrittenRecord::of)
                        .toList(),
                containsInAnyOrder(retraction(6), retraction(7)));
        assertThat(records().size(), is(before + 2));
    }

    @Test
    public void writesNothingWhenItIsDoneAgain() throws Exception {
        write(0, ROUTE, "wrong", 4, 5, 6);
        write(1, ROUTE, "right", 5);
        assertThat(remove(Retract.RECORD, 1), is(new Removed(2, 0)));
        long end = kafka.broker().end(out);

        assertThat(remove(Retract.RECORD, 1), is(new Removed(0, 0)));
        assertThat(kafka.broker().end(out), is(end));
    }

    @Test
    public void whatWasRetractedIsThereAgainWhenTheRewindIsUndone() throws Exception {
        write(0, ROUTE, "wrong", 4, 5, 6);
        assertThat(remove(Retract.RECORD, 1), is(new Removed(3, 0)));
        write(2, ROUTE, "wrong", 4, 5);

        assertThat(remove(Retract.RECORD, 1), is(new Removed(0, 0)));
        assertThat(remove(Retract.RECORD, 2), is(new Removed(0, 0)));
        assertThat(held(), is(results("wrong", 4, 5)));
    }

    @Test
    public void aResultThatNowHasAnotherKeyIsNotTakenBackWhereItWas() throws Exception {
        String key = keyElsewhere(4);
        write(0, ROUTE, "wrong", 4);
        write(1, ROUTE, key, "right", 4);

        assertThat(remove(Retract.RECORD, 1), is(new Removed(0, 0)));
    }

    @Test
    public void writesATombstoneForEachKeyOfWhichNothingElseIsThere() throws Exception {
        String never = Long.toString(Long.MAX_VALUE); // or it goes by how soon the broker compacts what is read again
        out = kafka.topic("compacted", 2, Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", never));
        write(0, ROUTE, "one-of-two", "right", 1);
        write(0, ROUTE, "wrong", 4, 5);
        write(0, ROUTE, "two-left", "wrong", 6, 7);
        write(0, ROUTE, "one-of-two", "wrong", 8);
        write(0, ROUTE, "made-again", "wrong", 9);
        write(1, ROUTE, "right", 4);
        write(1, ROUTE, "made-again", "right", 10);

        assertThat(remove(Retract.TOMBSTONE, 1), is(new Removed(2, 1)));
        assertThat(byKey(), is(Map.of("one-of-two", "wrong", "made-again", "right", "k4", "right")));
        assertThat(remove(Retract.TOMBSTONE, 1), is(new Removed(0, 1)));
    }

    @Test
    public void doesNotRetractByRecordsInACompactedTopic() {
        out = kafka.topic("compacted", 1, Map.of("cleanup.policy", "compact"));

        Exception failure = assertThrows(IllegalStateException.class, () -> open(Retract.RECORD, 0, ROUTE));

        assertThat(
                failure.getMessage(),
                is("topic " + out
                        + " must not be compacted with retract: record, whose records would remove their keys:"
                        + " retract: tombstone is for keys"));
    }

    @Test
    public void needsTheTopic() {
        out = kafka.name("missing");

        assertThat(
                assertThrows(IOException.class, () -> remove(Retract.RECORD, 1)).getMessage(),
                is("topic " + out + " at " + kafka.bootstrapServers() + " must be there, but does not exist"));
    }

    @Test
    public void saysWhatBecomesOfATopic() {
        KafkaSinkProvider provider = new KafkaSinkProvider();
        String again = "records are written again behind those written since, with a higher millrace-epoch; ";

        assertThat(provider.leftovers(sink(Retract.NONE), context(1, ROUTE)), is(Optional.empty()));
        assertThat(
                List.of(Retract.values()).stream()
                        .map(retract -> provider.whenRewound(sink(retract), true))
                        .toList(),
                contains(
                        again + "nothing is taken away",
                        again + "those that are not made again are followed by one with the header millrace-retracts",
                        again + "keys of which nothing is made again are followed by a tombstone"));
    }

    private Removed remove(Retract retract, long epoch) throws IOException {
        return new KafkaSinkProvider()
                .leftovers(sink(retract), context(epoch, ROUTE))
                .orElseThrow()
                .remove(FROM_THE_FOURTH);
    }

    private void write(long epoch, String route, String value, int... offsets) throws RefusedException {
        for (int offset : offsets) {
            write(epoch, route, "k" + offset, value, offset);
        }
    }

    private void write(long epoch, String route, String key, String value, int... offsets) throws RefusedException {
        try (TopicProducer producer = open(Retract.NONE, epoch, route)) {
            for (int offset : offsets) {
                ResultId id = id(offset).madeBy(route);
                producer.send(producer.record(
                        Event.of(id, key.getBytes(UTF_8), value.getBytes(UTF_8), Headers.empty()), NOON));
            }
            producer.flush();
        }
    }

    private TopicProducer open(Retract retract, long epoch, String route) {
        return TopicProducer.open(sink(retract), context(epoch, route));
    }

    private KafkaSink sink(Retract retract) {
        return KafkaSink.of(kafka.bootstrapServers(), out).withRetract(retract);
    }

    private static SinkContext context(long epoch, String route) {
        return new SinkContext(new Run("plays", "0123456789abcdef", "run-1", epoch), route, true);
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        return kafka.broker().records(out);
    }

    private Map<String, String> held() {
        return HeldByConsumer.of(records());
    }

    private Map<String, String> byKey() {
        Map<String, String> byKey = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> read : records()) {
            byKey.put(new String(read.key(), UTF_8), WrittenRecord.text(read.value()));
        }
        byKey.values().removeIf(value -> value == null);
        return byKey;
    }

    private WrittenRecord retraction(int offset) {
        ConsumerRecord<byte[], byte[]> first = records().stream()
                .filter(read -> new String(read.key(), UTF_8).equals("k" + offset))
                .findFirst()
                .orElseThrow();
        return new WrittenRecord(
                first.partition(),
                "k" + offset,
                null,
                List.of(
                        "millrace-id=" + id(offset).madeBy(ROUTE),
                        "millrace-epoch=1",
                        "millrace-route=" + ROUTE,
                        "millrace-spec=0123456789abcdef",
                        "millrace-retracts=true"));
    }

    /** A key whose partition is another one than that of an event's own. */
    private static String keyElsewhere(int offset) {
        return IntStream.range(0, 20)
                .mapToObj(number -> "k" + number)
                .filter(key -> partition(key) != partition("k" + offset))
                .findFirst()
                .orElseThrow();
    }

    private static int partition(String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), 2);
    }

    private static Map<String, String> results(String value, int... offsets) {
        Map<String, String> results = new TreeMap<>();
        IntStream.of(offsets)
                .forEach(offset -> results.put(id(offset).madeBy(ROUTE).toString(), value));
        return results;
    }

    private static ResultId id(int offset) {
        return ResultId.of(new Origin("cluster/plays", 0, offset));
    }
}
