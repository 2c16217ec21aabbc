package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.io.source.EventTimes;
import io.millrace.io.source.OffsetRange;
import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Rule;
import org.junit.Test;

/** What Kafka has deleted, {@link ArchivedReadTest} reads by the same consumer. */
public class EventsInRangesTest {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Test
    public void givesTheEventsOfEachRangeInTheirOrderWithTheirTimes() throws IOException {
        String plays = kafka.topic("plays", 3);
        kafka.broker().produce(IntStream.range(0, 3_000).mapToObj(number -> record(plays, number % 3, number)));

        List<String> given = given(plays, Map.of(plays, Map.of(0, range(2, 5), 2, range(998, 1_000), 1, range(7, 7))));

        assertThat(given.stream().filter(one -> one.startsWith("0")).toList(), contains("0:6@6", "0:9@9", "0:12@12"));
        assertThat(given.stream().filter(one -> one.startsWith("2")).toList(), contains("2:2996@2996", "2:2999@2999"));
        assertThat(given.size(), is(5));
    }

    @Test
    public void endsBehindTheMarksOfTransactions() throws IOException {
        String plays = kafka.topic("plays");
        kafka.broker().produceCommitted(List.of(record(plays, 0, 0)));
        kafka.broker().produceAborted(List.of(record(plays, 0, 1)));

        assertThat(given(plays, Map.of(plays, Map.of(0, range(0, 4)))), contains("0:0@0"));
    }

    @Test
    public void leavesOutTopicsOfOtherSources() throws IOException {
        assertThat(given(kafka.topic("plays"), Map.of("others", Map.of(0, range(0, 4)))), is(empty()));
    }

    @Test
    public void needsTheTopic() {
        String missing = kafka.name("missing");

        assertThat(
                assertThrows(IOException.class, () -> given(missing, Map.of(missing, Map.of(0, range(0, 4)))))
                        .getMessage(),
                containsString("topic " + missing + " at"));
    }

    private List<String> given(String topic, Map<String, Map<Integer, OffsetRange>> ranges) throws IOException {
        List<String> given = new ArrayList<>();
        KafkaEvents.forEachIn(
                KafkaSource.of(kafka.bootstrapServers(), topic),
                EventTimes.ofRecords(),
                ranges,
                (event, time) -> given.add(
                        event.id().origins().get(0).partition() + ":" + new String(event.value(), UTF_8) + "@" + time));
        return given;
    }

    private static OffsetRange range(long first, long end) {
        return new OffsetRange(first, end);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, int number) {
        return new ProducerRecord<>(topic, partition, (long) number, null, ("" + number).getBytes(UTF_8));
    }
}
