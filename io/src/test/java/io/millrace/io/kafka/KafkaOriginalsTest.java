package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.google.common.base.Ticker;
import io.millrace.io.source.Originals;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Headers;
import io.millrace.transforms.event.Origin;
import io.millrace.transforms.event.ResultId;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Records are read again as they are in the topic. */
public class KafkaOriginalsTest {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private String topic;
    private KafkaSource source;
    private String stream;

    @Before
    public void writeTwoRecords() {
        topic = kafka.topic("plays");
        source = KafkaSource.of(kafka.bootstrapServers(), topic);
        stream = ConsumerFactory.stream(source, topic);
        ProducerRecord<byte[], byte[]> play = new ProducerRecord<>(topic, 0, utf8("p1"), utf8("{\"id\":1}"));
        play.headers().add("trace", utf8("t1")).add("trace", null);
        kafka.broker().produce(play, new ProducerRecord<>(topic, 0, utf8("p2"), null));
    }

    @Test
    public void givesTheWholeRecordAlsoATombstone() throws IOException {
        try (Originals.Reader reader = KafkaEvents.originals(source).open()) {
            assertThat(
                    reader.event(origin(0)),
                    is(Optional.of(Event.of(
                            ResultId.of(origin(0)),
                            utf8("p1"),
                            utf8("{\"id\":1}"),
                            Headers.builder()
                                    .add("trace", "t1")
                                    .add("trace", (byte[]) null)
                                    .build()))));
            assertThat(reader.event(origin(1)), is(Optional.of(Event.of(origin(1), utf8("p2"), null))));
        }
    }

    @Test
    public void aRecordThatIsGoneOrWasNeverThereIsNothing() throws Exception {
        try (Admin admin = kafka.broker().admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }

        try (Originals.Reader reader = KafkaEvents.originals(source).open()) {
            assertThat(reader.event(origin(0)), is(Optional.empty()));
            assertThat(reader.event(origin(2)), is(Optional.empty()));
        }
    }

    @Test
    public void hasOriginsOfItsOwnTopicsAlone() throws IOException {
        try (Originals.Reader reader = KafkaEvents.originals(source).open()) {
            assertThat(reader.has(origin(7)), is(true));
            assertThat(reader.has(new Origin("plays.jsonl", 0, 7)), is(false));
        }
    }

    @Test
    public void failsWhereTheBrokersStopAnswering() throws IOException {
        try (Originals.Reader reader = new KafkaOriginals(source).open(pausingTheBroker())) {
            IOException failure = assertThrows(IOException.class, () -> reader.event(origin(0)));

            assertThat(failure.getMessage(), is(noAnswer()));
            kafka.broker().process().resume();
        }
    }

    @Test
    public void failsWhereTheBrokersDoNotAnswerAtAll() throws IOException {
        KafkaSource impatient =
                source.withProperties(Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));
        try (Originals.Reader reader = KafkaEvents.originals(impatient).open()) {
            kafka.broker().process().pause();

            IOException failure = assertThrows(IOException.class, () -> reader.event(origin(0)));

            assertThat(failure.getMessage(), is(noAnswer()));
            kafka.broker().process().resume();
        }
    }

    private String noAnswer() {
        return "brokers at " + kafka.bootstrapServers()
                + " must answer, but did not when asked for offset 0 of partition 0 of " + stream;
    }

    /** A clock that pauses the broker where it is first read, and moves on by half a minute each time. */
    private Ticker pausingTheBroker() {
        AtomicLong now = new AtomicLong();
        return new Ticker() {
            @Override
            public long read() {
                kafka.broker().process().pause();
                return now.getAndAdd(Duration.ofSeconds(30).toNanos());
            }
        };
    }

    private Origin origin(long offset) {
        return new Origin(stream, 0, offset);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
