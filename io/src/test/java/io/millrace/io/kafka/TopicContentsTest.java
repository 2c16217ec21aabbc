package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.kafka.KafkaRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;

public class TopicContentsTest {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Test
    public void givesEveryCommittedValueOfAllPartitions() throws IOException {
        String topic = kafka.topic("traces", 3);
        kafka.broker().produce(List.of(record(topic, 2, "c"), record(topic, 0, "a"), record(topic, 0, null)));
        kafka.broker().produceAborted(List.of(record(topic, 0, "never")));
        kafka.broker().produceCommitted(List.of(record(topic, 0, "b")));

        assertThat(values(topic), contains("a", "b", "c"));
    }

    @Test
    public void givesNothingOfAnEmptyTopic() throws IOException {
        assertThat(values(kafka.topic("traces", 2)), is(empty()));
    }

    @Test
    public void needsTheTopic() {
        String topic = kafka.name("missing");

        assertThat(
                assertThrows(IOException.class, () -> values(topic)).getMessage(),
                is("topic " + topic + " at " + kafka.bootstrapServers() + " must be there, but does not exist"));
    }

    private List<String> values(String topic) throws IOException {
        List<String> values = new ArrayList<>();
        KafkaEvents.forEach(
                KafkaSink.of(kafka.bootstrapServers(), topic), value -> values.add(new String(value, UTF_8)));
        return values;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, @Nullable String value) {
        return new ProducerRecord<>(topic, partition, null, value == null ? null : value.getBytes(UTF_8));
    }
}
