package io.millrace.testfixtures.kafka;

import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.events.Defect;
import io.millrace.testfixtures.events.PlayEvent;
import io.millrace.testfixtures.events.PlayEvents;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

public class KafkaBrokerTest {

    @ClassRule
    public static final KafkaRule SHARED = new KafkaRule();

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Test
    public void holdsWhatWasProducedInTheOrderOfPartitionsAndOffsets() {
        String plays = kafka.topic("plays", 2);
        kafka.broker().produce(record(plays, 1, "c"), record(plays, 0, "a"), record(plays, 0, "b"));
        assertThat(values(plays), contains("a", "b", "c"));
    }

    @Test
    public void keepsItsDataAndItsPortOverACrash() {
        String plays = kafka.topic("plays");
        String address = kafka.bootstrapServers();
        kafka.broker().produceTexts(plays, "before");
        kafka.broker().kill();
        kafka.broker().start();
        kafka.broker().produceTexts(plays, "after");
        assertThat(values(plays), contains("before", "after"));
        assertThat(kafka.bootstrapServers(), equalTo(address));
    }

    @Test
    public void keepsItsDataOverAnOrderlyStop() {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "before");
        kafka.broker().stop();
        kafka.broker().start();
        assertThat(values(plays), contains("before"));
    }

    @Test
    public void leavesOutWhatATransactionAborted() {
        String plays = kafka.topic("plays");
        kafka.broker().produceCommitted(List.of(record(plays, 0, "kept")));
        kafka.broker().produceAborted(List.of(record(plays, 0, "aborted")));
        kafka.broker().produceTexts(plays, "last");
        assertThat(values(plays), contains("kept", "last"));
    }

    @Test
    public void takesAStreamOfPlayEventsAsItIs() {
        String plays = kafka.topic("plays", 8, Map.of("max.message.bytes", "2000000"));
        List<PlayEvent> events = PlayEvents.seed(1)
                .count(2_000)
                .oddKeys(0.1)
                .oddHeaders(0.1)
                .broken(0.1)
                .with(Defect.NO_VALUE, 0.05)
                .oversized(0.001, 1_500_000)
                .list();
        kafka.broker().produce(events.stream().map(event -> event.recordFor(plays, event.position() % 8)));
        Map<String, PlayEvent> byPlace = events.stream()
                .collect(Collectors.toMap(event -> event.position() % 8 + "/" + event.position() / 8, event -> event));
        for (ConsumerRecord<byte[], byte[]> record : kafka.broker().records(plays)) {
            PlayEvent event = byPlace.remove(record.partition() + "/" + record.offset());
            assertThat(record.key(), equalTo(event.key()));
            assertThat(record.value(), equalTo(event.value()));
            assertThat(record.timestamp(), equalTo(event.timestamp().toEpochMilli()));
            assertThat(record.headers(), equalTo(event.recordFor(plays).headers()));
        }
        assertThat(byPlace, anEmptyMap());
    }

    @Test
    public void aTopicCanGrowAndGoAway() {
        String plays = kafka.topic("plays");
        kafka.broker().growTopic(plays, 2);
        kafka.broker().produce(record(plays, 1, "in the new partition"));
        assertThat(values(plays), contains("in the new partition"));
        kafka.broker().deleteTopic(plays);
        waitUntil("the topic to be gone", () -> topics().stream().noneMatch(plays::equals));
    }

    @Test
    public void goesOnAfterAPause() {
        String plays = kafka.topic("plays");
        kafka.broker().process().pause();
        kafka.broker().process().resume();
        kafka.broker().produceTexts(plays, "after");
        assertThat(values(plays), contains("after"));
    }

    @Test
    public void refusesWhatATopicsOwnSettingsForbid() {
        String small = kafka.topic("small", 1, Map.of("max.message.bytes", "200"));
        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> kafka.broker().produceTexts(small, "x".repeat(1_000)));
        assertThat(refusal.getMessage(), containsString("RecordTooLargeException"));
    }

    @Test
    public void everyTopicIsNewAndNamedAfterItsTest() {
        String one = kafka.topic("plays");
        String other = kafka.topic("plays");
        assertThat(one, containsString("kafkabrokertest-everytopicisnewandnamedafteritstest-plays"));
        assertThat(one, not(equalTo(other)));
        assertThat(SHARED.broker() == kafka.broker(), equalTo(true));
    }

    @Test
    public void itsLibrariesStayInItsOwnProcess() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("kafka.Kafka"));
    }

    private Set<String> topics() throws Exception {
        try (Admin admin = kafka.broker().admin()) {
            return admin.listTopics().names().get();
        }
    }

    private List<String> values(String topic) {
        return kafka.broker().records(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
        return new ProducerRecord<>(topic, partition, null, value.getBytes(UTF_8));
    }
}
