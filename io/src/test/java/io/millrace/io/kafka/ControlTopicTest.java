package io.millrace.io.kafka;

import static io.millrace.testfixtures.Eventually.eventually;
import static io.millrace.testfixtures.Eventually.waitUntil;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.transforms.script.ScriptLimits;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Read;
import io.millrace.transforms.script.version.ControlLog.Reader;
import io.millrace.transforms.script.version.ControlLog.Replies;
import io.millrace.transforms.script.version.ControlLog.Writer;
import io.millrace.transforms.script.version.ControlLogException;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import io.millrace.transforms.script.version.Decision;
import io.millrace.transforms.script.version.TimelyAppend;
import io.millrace.transforms.script.version.VersionBook;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Control records in a topic of a real broker: in one order, kept for ever, and all of them read that were there. */
public class ControlTopicTest {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    private ControlTopic settings;
    private ControlLog log;

    @Before
    public void prepare() {
        settings = ControlTopic.of(kafka.bootstrapServers(), kafka.name("script"));
        log = KafkaEvents.controlLog(settings);
    }

    @Test
    public void givesRecordsInTheirOrderWithTheTimeOfTheBroker() throws Exception {
        Instant before = now();
        for (int i = 0; i < 20; i++) {
            log.append(version("v" + i));
        }
        List<Entry> history = log.history();

        assertThat(texts(history), is(texts(0, 20)));
        Instant last = before;
        for (Entry entry : history) {
            assertThat(entry.published(), is(greaterThanOrEqualTo(last)));
            last = entry.published();
        }
        assertThat(last, is(lessThanOrEqualTo(now())));
    }

    @Test
    public void theTopicIsMadeSoThatItForgetsNothing() throws Exception {
        log.open().close();

        assertThat(
                configuration(settings.topic()),
                is(Map.of(
                        "cleanup.policy", "delete",
                        "message.timestamp.type", "LogAppendTime",
                        "retention.bytes", "-1",
                        "retention.ms", "-1")));
    }

    @Test
    public void whoOnlyLooksMakesNoTopic() throws Exception {
        assertThat(log.exists(), is(false));
        assertThat(log.history(), is(empty()));
        try (Admin admin = kafka.broker().admin()) {
            assertThat(admin.listTopics().names().get().contains(settings.topic()), is(false));
        }

        log.append(version("v0"));
        assertThat(log.exists(), is(true));
    }

    /** What a producer says of the time proves nothing of when a record was there. */
    @Test
    public void aRecordWhoseTimeIsNotOfTheBrokerWasPublishedAtNoKnownTime() throws Exception {
        ControlTopic plain = ControlTopic.of(kafka.bootstrapServers(), kafka.topic("plain"));
        kafka.broker().produceTexts(plain.topic(), version("v0").toJson());

        assertThat(
                KafkaEvents.controlLog(plain).history(),
                contains(new Entry(version("v0").toJson(), null)));
    }

    @Test
    public void aRecordIsPublishedInTimeThoughTheClockIsBehind() throws Exception {
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-5));
        log.append(ControlRecord.ofSource("v0", "function map(event) { return event }", NOON, "ann"));
        try (Writer writer = log.write()) {
            new TimelyAppend(writer, behind)
                    .append(from -> Optional.of(ControlRecord.ofVersion("v1", "v0", from, "ann")));
        }

        VersionBook book = new VersionBook("javascript", null, ScriptLimits.DEFAULT);
        List<Boolean> accepted =
                log.history().stream().map(book::add).map(Decision::isAccepted).toList();
        List<Boolean> tooLate = accepted.subList(1, accepted.size() - 1);
        assertThat(accepted.get(0), is(true));
        assertThat(tooLate, is(not(empty())));
        assertThat(tooLate, everyItem(is(false)));
        assertThat(accepted.get(accepted.size() - 1), is(true));
    }

    @Test
    public void aTopicThatWasMadeAnewIsNotReadOnInTheMiddle() throws Exception {
        log.append(version("v0"));
        try (Reader reader = log.open()) {
            reader.read();
            kafka.broker().deleteTopic(settings.topic());
            waitUntil("the topic is gone", () -> !log.exists());
            for (int i = 1; i < 4; i++) {
                log.append(version("v" + i));
            }
            List<Entry> came = new ArrayList<>();
            Throwable failure =
                    eventually("refusal", () -> refusal(reader, came), instanceOf(ControlLogException.class));

            assertThat(
                    failure.getMessage(),
                    is("topic " + settings.topic() + " at " + kafka.bootstrapServers()
                            + " must keep its records, but was deleted and made anew: start the job again"));
            assertThat(came, is(empty()));
        }
    }

    private static Throwable refusal(Reader reader, List<Entry> came) {
        try {
            came.addAll(reader.read().entries());
            return new AssertionError("nothing is refused");
        } catch (IOException | ControlLogException e) {
            return e;
        }
    }

    @Test
    public void recordsThatWereDeletedBeforeTheyWereReadAreMissed() throws Exception {
        log.append(version("v0"));
        try (Reader reader = log.open()) {
            reader.read();
            try (Writer writer = log.write()) {
                for (int i = 1; i <= 20; i++) { // the first may be on its way to the reader before it asks
                    writer.append(version("v" + i));
                }
            }
            try (Admin admin = kafka.broker().admin()) {
                admin.deleteRecords(Map.of(new TopicPartition(settings.topic(), 0), RecordsToDelete.beforeOffset(20)))
                        .all()
                        .get();
            }

            assertThat(
                    assertThrows(ControlLogException.class, reader::read).getMessage(),
                    is("control topic " + log.name()
                            + " must keep its records, but has lost some before they were read: start the job again"));
        }
    }

    /** Whatever is acknowledged before a read begins is in what was read when it ends. */
    @Test
    public void aReadGivesAllThatWasThereWhenItBegan() throws Exception {
        log.append(version("v0"));
        try (Reader reader = log.open();
                KafkaProducer<String, String> producer = producer(Map.of())) {
            List<String> read = new ArrayList<>(texts(reader.read().entries()));
            CompletableFuture<Void> writing = null;
            for (int i = 1; i <= 200; i++) {
                if (writing != null) {
                    writing.join();
                }
                producer.send(new ProducerRecord<>(
                                settings.topic(), "v" + i, version("v" + i).toJson()))
                        .get();
                String late = version("late" + i).toJson();
                writing = CompletableFuture.runAsync(() -> producer.send(new ProducerRecord<>(settings.topic(), late)));
                read.addAll(texts(reader.read().entries()));
                assertThat(read.stream().filter(text -> !text.contains("late")).toList(), is(texts(0, i + 1)));
            }
        }
    }

    @Test
    public void whatIsNotCommittedIsNotThereAndARecordBehindItIsNotReadYet() throws Exception {
        log.append(version("v0"));
        try (Reader reader = log.open();
                KafkaProducer<String, String> producer = producer(Map.of("transactional.id", settings.topic()))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            settings.topic(), version("aborted").toJson()))
                    .get();
            log.append(version("v1"));
            Read before = reader.read();
            assertThat(texts(before.entries()), is(texts(0, 1)));
            assertThat(before.complete(), is(false));
            assertThat(
                    assertThrows(IOException.class, log::history).getMessage(),
                    is("control log " + log.name()
                            + " must be read to its end, but something before it is not finished: try again"));
            producer.abortTransaction();
            List<Entry> after = new ArrayList<>();
            waitUntil("read to the end", () -> {
                Read read = reader.read();
                after.addAll(read.entries());
                return read.complete();
            });
            assertThat(texts(after), is(texts(1, 2)));
            assertThat(reader.read(), is(new Read(List.of(), true)));
        }
    }

    @Test
    public void aRecordWithoutAValueIsNoRecord() throws Exception {
        log.append(version("v0"));
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(settings.topic(), "v0", null)).get();
        }

        assertThat(texts(log.history()), contains(version("v0").toJson(), ""));
    }

    @Test
    public void whatIsSaidFromNowOnIsHeardAndWhatIsNoReplyIsNot() throws Exception {
        ControlReply one = new ControlReply("v1", List.of(), NOON, "v1", "plays", "us");
        ControlReply other = new ControlReply("v2", List.of("no"), null, null, "plays", "us");
        log.reply(List.of(other));
        try (Replies said = log.listen();
                KafkaProducer<String, String> producer = producer(Map.of())) {
            assertThat(said.read(), is(empty()));
            log.reply(List.of(one, other));
            for (String value : Arrays.asList(null, "{\"record\":\"v1\"}", "no")) {
                producer.send(new ProducerRecord<>(settings.repliesTopic(), "v1", value))
                        .get();
            }
            log.reply(List.of(one));

            assertThat(said.read(), contains(one, other, one));
            assertThat(said.read(), is(empty()));
        }
        assertThat(
                kafka.broker().records(settings.topic() + "-replies").stream()
                        .limit(3)
                        .map(reply -> new String(reply.key(), UTF_8) + " " + new String(reply.value(), UTF_8))
                        .toList(),
                contains("v2 " + other.toJson(), "v1 " + one.toJson(), "v2 " + other.toJson()));
    }

    @Test
    public void severalPartitionsAreRefused() {
        ControlTopic several = ControlTopic.of(kafka.bootstrapServers(), kafka.topic("several", 3));
        String refusal = "topic " + several.topic() + " at " + kafka.bootstrapServers()
                + " must have one partition, so that its records have one order, but has 3";
        ControlLog unordered = KafkaEvents.controlLog(several);

        assertThat(assertThrows(IllegalStateException.class, unordered::open).getMessage(), is(refusal));
        assertThat(
                assertThrows(IllegalStateException.class, () -> unordered.append(version("v1")))
                        .getMessage(),
                is(refusal));
    }

    @Test
    public void nothingIsWrittenToATopicThatForgetsAndWhatItHasIsRead() throws Exception {
        ControlTopic forgetful = ControlTopic.of(
                kafka.bootstrapServers(),
                kafka.topic("forgetful", 1, Map.of("cleanup.policy", "compact", "retention.ms", "-1")));
        ControlLog unsafe = KafkaEvents.controlLog(forgetful);

        assertThat(
                assertThrows(IllegalStateException.class, () -> unsafe.append(version("v1")))
                        .getMessage(),
                is("topic " + forgetful.topic() + " at " + kafka.bootstrapServers()
                        + " must keep its records for ever, by {cleanup.policy=delete, message.timestamp.type=LogAppendTime,"
                        + " retention.bytes=-1, retention.ms=-1}, but has {cleanup.policy=compact,"
                        + " message.timestamp.type=CreateTime}"));
        assertThat(unsafe.history(), is(empty()));
    }

    @Test
    public void brokersThatDoNotAnswerAreNamed() {
        ControlLog away = KafkaEvents.controlLog(ControlTopic.of("127.0.0.1:1", "script"));

        IOException failure = assertThrows(IOException.class, away::history);
        assertThat(failure.getMessage().startsWith("control topic script at 127.0.0.1:1 cannot be read: "), is(true));
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Clock.systemUTC().millis());
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> configuration = new TreeMap<>(more);
        configuration.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer());
    }

    private Map<String, String> configuration(String topic) throws Exception {
        Map<String, String> values = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            for (String name : List.of("cleanup.policy", "message.timestamp.type", "retention.bytes", "retention.ms")) {
                values.put(name, config.get(name).value());
            }
        }
        return values;
    }

    private static List<String> texts(List<Entry> entries) {
        return entries.stream().map(Entry::text).toList();
    }

    private static List<String> texts(int from, int to) {
        List<String> texts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            texts.add(version("v" + i).toJson());
        }
        return texts;
    }

    private static ControlRecord version(String id) {
        return ControlRecord.ofSource(id, "//", NOON, "ann");
    }
}
