package io.millrace.io.kafka;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class KafkaConfigTest {
    private static final KafkaSource SOURCE = KafkaSource.of("localhost:9092", "plays");

    @Test
    public void readsStartsAndStopsFromTheirTexts() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");

        assertThat(KafkaStart.parse("earliest"), is(KafkaStart.EARLIEST));
        assertThat(KafkaStart.parse("latest"), is(KafkaStart.LATEST));
        assertThat(KafkaStart.parse("2026-01-31T13:00:00+01:00"), is(KafkaStart.at(noon)));
        assertThat(KafkaStart.at(noon).toString(), is("2026-01-31T12:00:00Z"));
        assertThat(KafkaStop.parse("never"), is(KafkaStop.NEVER));
        assertThat(KafkaStop.parse("end"), is(KafkaStop.END));
        assertThat(KafkaStop.parse("2026-01-31T12:00:00Z"), is(KafkaStop.at(noon)));
    }

    @Test
    public void saysWhatAStartAndAStopMustBe() {
        assertThat(
                message(() -> KafkaStart.parse("yesterday")),
                is("start must be earliest, latest or an RFC 3339 time, but was yesterday"));
        assertThat(
                message(() -> KafkaStop.parse("latest")),
                is("stop must be never, end or an RFC 3339 time, but was latest"));
    }

    @Test
    public void readsStartOffsets() {
        StartOffsets offsets = StartOffsets.read("{\"plays\": {\"0\": 123, \"1\": 0}, \"rates\": {}}");

        assertThat(
                offsets.offsets(),
                is(Map.of(new TopicPartition("plays", 0), 123L, new TopicPartition("plays", 1), 0L)));
    }

    @Test
    public void saysWhatStartOffsetsMustBe() {
        String rule = "startOffsets must be {\"<topic>\": {\"<partition>\": <offset>}}, but was ";
        for (String wrong :
                new String[] {"{\"plays\": 1}", "{\"plays\": {\"0\": -1}}", "{\"plays\": {\"a\": 1}}", "{} {}", "{"}) {
            assertThat(message(() -> StartOffsets.read(wrong)), is(rule + wrong));
        }
    }

    @Test
    public void saysWhatASourceMustBe() {
        assertThat(message(() -> KafkaSource.of(" ", "plays")), is("bootstrapServers must not be empty, but was ' '"));
        assertThat(message(() -> KafkaSource.of("localhost:9092")), is("topics must not be empty, but was []"));
        assertThat(message(() -> KafkaSource.of("localhost:9092", "a", "a")), is("topics must differ, but was [a, a]"));
        assertThat(
                message(() -> SOURCE.withStart(KafkaStart.LATEST).withStartOffsets("{}")),
                is("start must not be given beside startOffsets, but was latest"));
        assertThat(message(() -> SOURCE.withGeneration(-1)), is("generation must be at least 0, but was -1"));
        assertThat(
                message(() -> SOURCE.withProperties(Map.of("group.id", "mine"))),
                is("properties must leave group.id to Millrace, but set it"));
    }

    @Test
    public void saysWhatASinkMustBe() {
        KafkaSink sink = KafkaSink.of("localhost:9092", "plays");

        assertThat(message(() -> KafkaSink.of("localhost:9092", "")), is("topic must not be empty, but was ''"));
        assertThat(
                message(() -> sink.withProperties(Map.of("max.request.size", "1 MB"))),
                is("properties.max.request.size must be a number of bytes, but was 1 MB"));
        assertThat(
                message(() -> sink.withProperties(Map.of("acks", "1"))),
                is("properties must leave acks to Millrace, but set it"));
    }

    private static String message(ThrowingRunnable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
