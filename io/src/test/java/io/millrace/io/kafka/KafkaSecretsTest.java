package io.millrace.io.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.io.source.EventTimes;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.event.SystemClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.kafka.common.TopicPartition;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class KafkaSecretsTest {
    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void travelAsReferencesAndAreResolvedWhereAConsumerIsOpened() throws Exception {
        String plays = kafka.topic("plays", 2);
        String servers = reference("servers", kafka.bootstrapServers());
        String password = reference("password", "s3cret-of-the-test");
        KafkaSource source = KafkaSource.of(servers, plays)
                .withStop(KafkaStop.END)
                .withProperties(Map.of("ssl.keystore.password", password));

        var read = KafkaEvents.read(source).records();
        try (var consumer = read.getConsumerFactoryFn().apply(read.getConsumerConfig())) {
            assertThat(consumer.partitionsFor(plays).size(), is(2));
        }

        String serialised = serialise(read);
        assertThat(serialised, containsString(password));
        assertThat(serialised, not(containsString("s3cret-of-the-test")));
        assertThat(serialised, not(containsString(kafka.bootstrapServers())));
    }

    @Test
    public void leaveTheBoundsLookedUpOnceInWhatIsSerialised() {
        String plays = kafka.topic("plays");
        kafka.broker().produceTexts(plays, "a", "b");
        ReadBounds bounds = new ReadBounds(KafkaStart.LATEST, null, StartOffsets.NONE, KafkaStop.END);
        ConsumerFactory factory = new ConsumerFactory(
                KafkaSource.of(kafka.bootstrapServers(), plays),
                EventTimes.ofRecords(),
                new ReadProgress(bounds),
                SystemClock.utc(),
                ReadConsumer.MAX_EVENTS_IN_ELEMENT);
        try (var consumer = factory.apply(
                KafkaEvents.read(KafkaSource.of("-", plays)).records().getConsumerConfig())) {
            consumer.partitionsFor(plays);
            kafka.broker().produceTexts(plays, "c");
            consumer.partitionsFor(plays);
        }

        ReadBounds copy = SerializableUtils.clone(bounds);
        TopicPartition partition = new TopicPartition(plays, 0);
        assertThat(List.of(copy.startOf(partition), copy.endOf(partition)), is(List.of(2L, 2L)));
    }

    /** As Beam serialises it, but not compressed. */
    private static String serialise(Object read) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
            objects.writeObject(read);
        }
        return bytes.toString(ISO_8859_1);
    }

    private String reference(String name, String content) throws Exception {
        Path file = folder.newFile(name).toPath();
        Files.writeString(file, content + "\n");
        return "${file:" + file + "}";
    }
}
