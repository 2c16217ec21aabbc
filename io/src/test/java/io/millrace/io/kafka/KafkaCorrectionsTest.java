package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.io.sink.Corrections;
import io.millrace.io.sink.Differences;
import io.millrace.io.sink.Differences.Kind;
import io.millrace.io.sink.RefusedException;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.joda.time.Instant;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Events 4 to 7 were restated, in epoch 1, while a job goes on in epoch 0. */
public class KafkaCorrectionsTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ROUTE = "all";

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    /** Longer than any time that these events are old: a broker looks for what to delete now and then. */
    private static final String A_CENTURY = "3153600000000";

    private String out;
    private String shadow;

    @Before
    public void createTopics() throws IOException {
        out = kafka.topic("out", 2, Map.of("max.message.bytes", "12345", "retention.ms", A_CENTURY));
        shadow = out + "-restated-1";
        KafkaSink sink = KafkaSink.of(kafka.bootstrapServers(), out);
        new KafkaSinkProvider().makeShadow(sink, sink.withTopic(shadow));
        new KafkaSinkProvider().makeShadow(sink, sink.withTopic(shadow)); // that may be done again
    }

    @Test
    public void aConsumerHoldsWhatIsRestatedAndWhatTheJobMakesMeanwhile() throws Exception {
        write(out, 0, "wrong", 0, 1, 2, 3, 4, 5, 6);
        write(shadow, 1, "right", 4, 5, 7);
        write(out, 0, "later", 8, 9);

        assertThat(find(Retract.RECORD), is(List.of(1L, 2L, 1L, 0L)));
        assertThat(publish(Retract.RECORD), is(List.of(1L, 2L, 1L, 0L)));
        write(out, 0, "later", 10);

        Map<String, String> expected = results("wrong", 0, 1, 2, 3);
        expected.putAll(results("right", 4, 5, 7));
        expected.putAll(results("later", 8, 9, 10));
        assertThat(held(), is(expected));
    }

    @Test
    public void theShadowTakesWhatTheTopicTakesAndKeepsIt() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, shadow);
        Config config = kafka.broker()
                .admin()
                .describeConfigs(List.of(topic))
                .all()
                .get()
                .get(topic);

        assertThat(config.get("max.message.bytes").value(), is("12345"));
        assertThat(config.get("retention.ms").value(), is("-1"));
        assertThat(
                kafka.broker()
                        .admin()
                        .describeTopics(List.of(shadow))
                        .allTopicNames()
                        .get()
                        .get(shadow)
                        .partitions()
                        .size(),
                is(2));
    }

    @Test
    public void writesNothingWhereNothingDiffers() throws Exception {
        write(out, 0, "wrong", 4, 5, 6);
        write(shadow, 1, "wrong", 4);
        write(shadow, 1, "right", 5);
        publish(Retract.RECORD);
        long end = kafka.broker().end(out);

        assertThat(find(Retract.RECORD), is(List.of(0L, 0L, 0L, 0L)));
        assertThat(publish(Retract.RECORD), is(List.of(0L, 0L, 0L, 0L)));
        assertThat(kafka.broker().end(out), is(end));
    }

    @Test
    public void whatIsNotMadeAnyMoreStaysWhereTheTopicTakesNothingBack() throws Exception {
        write(out, 0, "wrong", 4);

        assertThat(publish(Retract.NONE), is(List.of(0L, 0L, 0L, 1L)));

        assertThat(held(), is(results("wrong", 4)));
    }

    @Test
    public void aJobThatIsTakenBackLaterTakesThePlaceOfCorrections() throws Exception {
        write(out, 0, "wrong", 4, 5, 6);
        write(shadow, 1, "right", 4);
        publish(Retract.RECORD);
        write(out, 2, "again", 4, 5);

        assertThat(held(), is(results("again", 4, 5)));
    }

    @Test
    public void saysWhereWhatDiffersIs() throws Exception {
        write(shadow, 1, "right", 4);
        Differences found = new Differences(5);

        corrections(Retract.RECORD).find(KafkaCorrectionsTest::restatedOf, found);

        ConsumerRecord<byte[], byte[]> read = kafka.broker().records(shadow).get(0);
        assertThat(
                found.samples(Kind.ADDED),
                contains("%s, partition %d offset 0 of %s".formatted(id(4), read.partition(), shadow)));
    }

    private List<Long> find(Retract retract) throws IOException {
        Differences found = new Differences(0);
        corrections(retract).find(KafkaCorrectionsTest::restatedOf, found);
        return counts(found);
    }

    private List<Long> publish(Retract retract) throws IOException {
        Differences found = new Differences(0);
        corrections(retract).publish(KafkaCorrectionsTest::restatedOf, found);
        return counts(found);
    }

    private static List<Long> counts(Differences found) {
        return Stream.of(Kind.values()).map(found::count).toList();
    }

    private static Optional<OffsetRange> restatedOf(String stream, int partition) {
        return Optional.of(new OffsetRange(4, 8));
    }

    private Corrections corrections(Retract retract) {
        KafkaSink sink = KafkaSink.of(kafka.bootstrapServers(), out).withRetract(retract);
        return new KafkaSinkProvider()
                .corrections(sink, sink.withTopic(shadow), context(1))
                .orElseThrow();
    }

    private void write(String topic, long epoch, String value, int... offsets) throws RefusedException {
        KafkaSink sink = KafkaSink.of(kafka.bootstrapServers(), topic);
        try (TopicProducer producer = TopicProducer.open(sink, context(epoch))) {
            for (int offset : offsets) {
                byte[] key = ("k" + offset).getBytes(UTF_8);
                producer.send(producer.record(Event.of(id(offset), key, value.getBytes(UTF_8), Headers.empty()), NOON));
            }
            producer.flush();
        }
    }

    private static SinkContext context(long epoch) {
        return new SinkContext(new Run("plays", "0123456789abcdef", "run-" + epoch, epoch), ROUTE, true);
    }

    private Map<String, String> held() {
        return HeldByConsumer.of(kafka.broker().records(out));
    }

    private static Map<String, String> results(String value, int... offsets) {
        Map<String, String> results = new TreeMap<>();
        IntStream.of(offsets).forEach(offset -> results.put(id(offset).toString(), value));
        return results;
    }

    private static ResultId id(int offset) {
        return ResultId.of(new Origin("cluster/plays", 0, offset)).madeBy(ROUTE);
    }
}
