package io.millrace.io.kafka;

import static io.millrace.io.kafka.WrittenRecord.bytes;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Throwables;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.sink.Sinks;
import io.millrace.testfixtures.Counters;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.DeadLetter;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.Rule;
import org.junit.Test;

/** What a topic refuses is a dead letter, and all else is delivered. */
public class KafkaWriteTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant LONG_AGO = Instant.parse("1971-01-01T00:00:00Z");
    private static final String FIFTY_YEARS =
            Long.toString(Duration.ofDays(50 * 365).toMillis());
    private static final SinkContext EVERYTHING =
            new SinkContext(new Run("plays", "0123456789abcdef", "run-1", 0), "everything", false);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private final Pipeline pipeline = Runner.DIRECT.pipeline();

    @Test
    public void deadLettersWhatTheBrokerFindsTooLargeAndDeliversItsNeighbours() {
        String out = kafka.topic("out", 1, Map.of("max.message.bytes", "2000"));

        PAssert.that(write(out, event(0, "k", "a"), event(1, "k", "b".repeat(5000)), event(2, "k", "c")))
                .containsInAnyOrder("1 at " + NOON + ": tooLarge by everything/sink");
        Map<String, Long> counters = run();

        assertThat(values(out), containsInAnyOrder("a", "c"));
        assertThat(
                counters,
                is(Map.of("delivered", 2L, "dead_lettered", 1L, "dead_lettered_by.tooLarge", 1L, "in_flight", -3L)));
    }

    @Test
    public void deliversMoreThanTheTopicTakesInOneBatch() {
        String out = kafka.topic("out", 1, Map.of("max.message.bytes", "2000"));
        Event[] events = IntStream.range(0, 100)
                .mapToObj(offset -> event(offset, "k", offset + "-".repeat(500)))
                .toArray(Event[]::new);

        PAssert.that(write(out, events)).empty();
        run();

        assertThat(
                values(out),
                containsInAnyOrder(IntStream.range(0, 100)
                        .mapToObj(offset -> offset + "-".repeat(500))
                        .toArray(String[]::new)));
    }

    @Test
    public void deadLettersWhatDoesNotFitIntoARequest() {
        String out = kafka.topic("out");

        PAssert.that(write(out, event(0, "k", "a"), event(1, "k", "b".repeat(2 << 20)), event(2, "k", "c")))
                .containsInAnyOrder("1 at " + NOON + ": tooLarge by everything/sink");
        run();

        assertThat(values(out), containsInAnyOrder("a", "c"));
    }

    @Test
    public void deadLettersARecordWithoutKeyOfACompactedTopic() {
        String out = kafka.topic("out", 1, Map.of("cleanup.policy", "compact"));

        PAssert.that(write(out, event(0, "k", "a"), event(1, null, "b"), event(2, "l", null)))
                .containsInAnyOrder("1 at " + NOON + ": refused by everything/sink");
        run();

        assertThat(values(out), containsInAnyOrder("a", null));
    }

    @Test
    public void deadLettersATimeThatTheTopicDoesNotAllowAndDeliversTheOthers() {
        String out = kafka.topic("out", 1, Map.of("message.timestamp.before.max.ms", FIFTY_YEARS));

        PAssert.that(refused(withOneOfLongAgo(), out))
                .containsInAnyOrder("1 at " + LONG_AGO + ": refused by everything/sink");
        run();

        assertThat(values(out), containsInAnyOrder("a", "c"));
    }

    @Test
    public void sendsTheRestOfABatchAgainThatTheBrokerRefusesForOneRecord() {
        String out = kafka.topic("out", 1, Map.of("message.timestamp.difference.max.ms", FIFTY_YEARS));

        PAssert.that(refused(withOneOfLongAgo(), out))
                .containsInAnyOrder("1 at " + LONG_AGO + ": refused by everything/sink");
        run();

        assertThat(values(out), containsInAnyOrder("a", "c"));
    }

    @Test
    public void deadLettersATimeBeforeThoseThatKafkaKnows() {
        String out = kafka.topic("out");
        Instant apollo = Instant.parse("1969-07-20T20:17:00Z");

        PAssert.that(refused(pipeline.apply(Create.timestamped(TimestampedValue.of(event(0, "k", "a"), apollo))), out))
                .containsInAnyOrder("0 at " + apollo + ": refused by everything/sink");
        run();
    }

    @Test
    public void leavesTheTimeOfAnEventWithoutOneToTheProducer() {
        String out = kafka.topic("out");
        long before = System.currentTimeMillis();
        PCollection<Event> events = pipeline.apply(Create.of(event(0, "k", "a")));

        PAssert.that(refused(events, out)).empty();
        run();

        assertThat(before - kafka.broker().records(out).get(0).timestamp(), is(lessThan(1L)));
    }

    @Test
    public void refusesATopicThatDoesNotExist() {
        write("no-such-topic", event(0, "k", "a"));

        Exception failure = assertThrows(Exception.class, this::run);

        assertThat(
                Throwables.getRootCause(failure).getMessage(),
                is("topic no-such-topic must be at " + kafka.bootstrapServers()
                        + ", but does not exist: it must be created before it is written to"));
    }

    @Test
    public void isTheSinkNamedKafka() {
        KafkaSinkProvider provider = (KafkaSinkProvider) Sinks.byName().get("kafka");
        KafkaSink sink = KafkaSink.of("localhost:9092", "plays");

        assertThat(provider.maxValueBytes(sink), is((1 << 20) - 4096));
        assertThat(provider.maxValueBytes(sink.withProperties(Map.of("max.request.size", "10000"))), is(10_000 - 4096));
    }

    private PCollection<Event> withOneOfLongAgo() {
        return pipeline.apply(Create.timestamped(
                TimestampedValue.of(event(0, "k", "a"), NOON),
                TimestampedValue.of(event(1, "k", "b"), LONG_AGO),
                TimestampedValue.of(event(2, "k", "c"), NOON)));
    }

    private PCollection<String> write(String topic, Event... events) {
        List<TimestampedValue<Event>> atNoon = List.of(events).stream()
                .map(event -> TimestampedValue.of(event, NOON))
                .toList();
        return refused(pipeline.apply(Create.timestamped(atNoon)), topic);
    }

    private PCollection<String> refused(PCollection<Event> events, String topic) {
        return events.apply(KafkaEvents.write(KafkaSink.of(kafka.bootstrapServers(), topic), EVERYTHING))
                .apply(ParDo.of(new DescribeFn()));
    }

    /** Runs the pipeline, and answers the counters of the route. */
    private Map<String, Long> run() {
        var result = pipeline.run();
        result.waitUntilFinish();
        return Counters.of(result, "millrace.plays.everything");
    }

    private List<String> values(String topic) {
        return kafka.broker().records(topic).stream()
                .map(written -> WrittenRecord.text(written.value()))
                .toList();
    }

    private static Event event(long offset, String key, String value) {
        return Event.of(new Origin("cluster/plays", 0, offset), bytes(key), bytes(value));
    }

    private static final class DescribeFn extends DoFn<DeadLetter, String> {
        @ProcessElement
        public void process(@Element DeadLetter letter, @Timestamp Instant time, OutputReceiver<String> output) {
            output.output(letter.event().id().origin().offset() + " at " + time + ": "
                    + letter.reason().text() + " by " + letter.route() + "/" + letter.step());
        }
    }
}
