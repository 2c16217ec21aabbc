package io.millrace.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.events.Defect;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.s3.S3Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What an audit says of Kafka, Elasticsearch and S3: of a run over play events, of which one in ten has a defect, as a plain oracle
 * has it; and after each thing that can happen to what the run left.
 */
public class AuditSinksTest {
    private static final int PARTITIONS = 4;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final S3Rule s3 = new S3Rule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PlayEvents events = PlayEvents.seed(7)
            .count(400)
            .profiles(60)
            .every(Duration.ofSeconds(1))
            .late(0.05)
            .with(EnumSet.complementOf(EnumSet.of(Defect.NONE)), 0.1)
            .oversized(0.01, 20_000);

    private String plays;
    private String longPlays;
    private String index;
    private String profiles;
    private String bucket;
    private String deadLetters;
    private PlayOracle oracle;

    @Before
    public void producePlays() throws Exception {
        plays = kafka.topic("plays", PARTITIONS);
        longPlays = kafka.topic("long-plays", 2);
        index = elasticsearch.name("everything");
        profiles = elasticsearch.name("profiles");
        elasticsearch.node().createIndex(index, "{\"duration_s\": {\"type\": \"integer\"}}");
        elasticsearch.node().createIndex(profiles, "{\"duration_s\": {\"type\": \"keyword\"}}");
        bucket = s3.bucket("lake");
        deadLetters = "{s3: {path: \"s3://" + bucket + "/dead-letters\"}}";
        kafka.broker().produce(events.stream().map(event -> event.recordFor(plays, event.position() % PARTITIONS)));
        String cluster = kafka.broker().admin().describeCluster().clusterId().get();
        oracle = new PlayOracle(events.list(), PARTITIONS, cluster + "/" + plays);
    }

    @Test
    public void aRunAsItWasIsClean() throws IOException {
        run("router");

        for (String runner : List.of("direct", "flink-local")) {
            Audited audited = Audited.of(spec(), runner);

            assertThat(audited.run().err() + audited.run().out(), audited.status(), is(Commands.DONE));
            for (String route : List.of("long-plays", "everything", "archive")) {
                assertThat(route, audited.route(route), is(all(route)));
            }
            long keys = newestOfProfiles().size();
            Map<String, Long> figures = all("profiles");
            figures.put("superseded", figures.put("held", keys) - keys);
            assertThat(audited.route("profiles"), is(figures));
        }
    }

    /** The first record of a partition is written again behind the others, as a consumer finds it that reads on from there. */
    @Test
    public void findsRecordsThatAConsumerWouldDropAndThoseThatNobodyWroteForIt() throws IOException {
        run("router", "--route=long-plays");
        List<ConsumerRecord<byte[], byte[]>> records = kafka.broker().records(longPlays);
        ConsumerRecord<byte[], byte[]> overtaken = records.get(0);
        ConsumerRecord<byte[], byte[]> repeated = records.get(1);
        longPlays = kafka.topic("damaged", 2);
        kafka.broker().produce(records.stream().skip(1).map(this::copy));
        kafka.broker().produce(copy(overtaken), copy(repeated), copy(repeated));
        kafka.broker().produce(new ProducerRecord<>(longPlays, 1, null, "{}".getBytes(UTF_8)));

        Audited audited = Audited.of(spec(), "direct", "--route=long-plays");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("long-plays"),
                is(with(all("long-plays"), Map.of("held", -1L, "missing", 1L, "foreign", 1L, "dropped", 2L))));
        assertThat(
                audited.samples("long-plays", "missing"),
                contains(id(overtaken) + ", which is at " + longPlays + "-" + overtaken.partition() + "@"
                        + (countOf(records, overtaken.partition()) - 1)
                        + ", behind later ones, where a reader drops it"));
        assertThat(
                audited.samples("long-plays", "foreign"),
                contains(longPlays + "-1@"
                        + (kafka.broker().records(longPlays).stream()
                                        .filter(read -> read.partition() == 1)
                                        .count()
                                - 1) + " without the headers of a result"));
    }

    @Test
    public void repeatsThatAConsumerDropsDoNoHarm() throws IOException {
        run("router", "--route=long-plays");
        run("router", "--route=long-plays");

        Audited audited = Audited.of(spec(), "direct", "--route=long-plays");

        long held = oracle.delivered("long-plays").size();
        assertThat(audited.run().out(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("long-plays"), is(with(all("long-plays"), Map.of("dropped", held))));
    }

    /** The later half is written again in the next epoch, as by a job that was taken back. */
    @Test
    public void whatARewoundJobHasWrittenAgainIsThereOnce() throws IOException {
        run("router", "--route=long-plays");
        List<ConsumerRecord<byte[], byte[]>> again = laterHalf(kafka.broker().records(longPlays));
        kafka.broker().produce(again.stream().map(record -> copy(record, 1)));
        kafka.broker().produce(again.stream().map(record -> copy(record, 0)));

        Audited audited = Audited.of(spec(), "direct", "--route=long-plays");

        assertThat(audited.run().out(), audited.status(), is(Commands.DONE));
        assertThat(audited.route("long-plays"), is(with(all("long-plays"), Map.of("dropped", 2L * again.size()))));
    }

    /** Of two results that nobody expects one is retracted; so is one that is expected; and a replay has written one to the other partition. */
    @Test
    public void findsWhatARewoundJobHasLeftAndRetractedAndWrittenTwice() throws IOException {
        run("router", "--route=long-plays");
        List<ConsumerRecord<byte[], byte[]>> again = laterHalf(kafka.broker().records(longPlays));
        ConsumerRecord<byte[], byte[]> retracted = again.get(0);
        ConsumerRecord<byte[], byte[]> twice = again.get(1);
        kafka.broker().produce(unexpected(9_001), unexpected(9_002));
        kafka.broker().produce(again.stream().skip(1).map(record -> copy(record, 1)));
        ProducerRecord<byte[], byte[]> elsewhere = copy(twice, 1);
        elsewhere.headers().add("millrace-replay", "replay-1".getBytes(UTF_8));
        kafka.broker()
                .produce(
                        new ProducerRecord<>(
                                longPlays, 1 - twice.partition(), twice.key(), twice.value(), elsewhere.headers()),
                        retraction(unexpected(9_002)),
                        retraction(copy(retracted, 1)));

        Audited audited = Audited.of(spec(), "direct", "--route=long-plays");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("long-plays"),
                is(with(
                        all("long-plays"),
                        Map.of(
                                "held", -1L,
                                "missing", 1L,
                                "repeated", 1L,
                                "foreign", 1L,
                                "dropped", (long) again.size()))));
        String end = longPlays + "-" + retracted.partition() + "@"
                + (countOf(kafka.broker().records(longPlays), retracted.partition()) - 1);
        assertThat(
                audited.samples("long-plays", "missing"), contains(id(retracted) + ", which is retracted at " + end));
    }

    private static List<ConsumerRecord<byte[], byte[]>> laterHalf(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .filter(record -> record.offset() >= countOf(records, record.partition()) / 2)
                .toList();
    }

    private ProducerRecord<byte[], byte[]> unexpected(int offset) {
        ProducerRecord<byte[], byte[]> result = new ProducerRecord<>(longPlays, 0, null, "{}".getBytes(UTF_8));
        result.headers()
                .add("millrace-id", ("elsewhere/plays:0:" + offset + ";long-plays;0").getBytes(UTF_8))
                .add("millrace-epoch", "0".getBytes(UTF_8))
                .add("millrace-route", "long-plays".getBytes(UTF_8));
        return result;
    }

    private static ProducerRecord<byte[], byte[]> retraction(ProducerRecord<byte[], byte[]> result) {
        ProducerRecord<byte[], byte[]> retraction =
                new ProducerRecord<>(result.topic(), result.partition(), result.key(), null, result.headers());
        retraction
                .headers()
                .add("millrace-epoch", "1".getBytes(UTF_8))
                .add("millrace-retracts", "true".getBytes(UTF_8));
        return retraction;
    }

    private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> read, long epoch) {
        ProducerRecord<byte[], byte[]> copy = copy(read);
        copy.headers().add("millrace-epoch", Long.toString(epoch).getBytes(UTF_8));
        return copy;
    }

    @Test
    public void findsADocumentThatIsGoneAndOneThatNobodyWrote() throws IOException {
        run("router", "--route=everything");
        String gone = oracle.delivered("everything").keySet().iterator().next();
        elasticsearch.node().deleteDocument(index, gone);
        elasticsearch.node().putDocument(index, "stray", 1, "{}");
        elasticsearch.node().putDocument(index, gone.replace(";everything;", ";another;"), 1, "{}");

        Audited audited = Audited.of(spec(), "direct", "--route=everything");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("everything"),
                is(with(all("everything"), Map.of("held", -1L, "missing", 1L, "foreign", 1L))));
        assertThat(audited.samples("everything", "missing"), contains(gone));
        assertThat(audited.samples("everything", "foreign"), contains("document stray"));
    }

    @Test
    public void findsDocumentsThatAreNotTheNewestOfTheirKey() throws IOException {
        run("router", "--route=profiles");
        List<String> newest = newestOfProfiles();
        Map<String, Long> versions = elasticsearch.node().versions(profiles);
        List<String> keys = List.copyOf(versions.keySet());
        elasticsearch.node().changeSettings(profiles, "{\"index.gc_deletes\": \"0s\"}");
        elasticsearch.node().deleteDocument(profiles, keys.get(0));
        Eventually.waitUntil("the deleted version is forgotten", () -> {
            elasticsearch.node().putDocument(profiles, keys.get(0), versions.get(keys.get(0)) - 1, "{}");
            return true;
        });
        elasticsearch.node().putDocument(profiles, keys.get(1), versions.get(keys.get(1)) + 1, "{}");
        elasticsearch.node().deleteDocument(profiles, keys.get(2));

        Audited audited = Audited.of(spec(), "direct", "--route=profiles");

        assertThat(audited.status(), is(Commands.FAILED));
        long held = newest.size() - 3;
        Map<String, Long> figures = with(all("profiles"), Map.of("missing", 2L, "foreign", 1L));
        figures.put("superseded", figures.put("held", held) - held - 2);
        assertThat(audited.route("profiles"), is(figures));
    }

    @Test
    public void findsAnObjectThatIsGoneAndOneThatHasNoManifest() throws IOException {
        run("router", "--route=archive");
        String gone = s3.server().objects(bucket).keySet().stream()
                .filter(key -> key.startsWith("archive/archive-"))
                .findFirst()
                .orElseThrow();
        long lines = lines(s3.server().objects(bucket).get(gone));
        Files.delete(s3.server().folder(bucket).resolve(gone));
        Files.writeString(s3.server().folder(bucket).resolve("archive/stray.jsonl"), "{}\n{}\n");

        Audited audited = Audited.of(spec(), "direct", "--route=archive");

        assertThat(audited.status(), is(Commands.FAILED));
        assertThat(
                audited.route("archive"),
                is(with(all("archive"), Map.of("held", -lines, "missing", lines, "foreign", 2L))));
        assertThat(
                audited.samples("archive", "foreign"),
                contains("stray.jsonl, line 1, without a manifest", "stray.jsonl, line 2, without a manifest"));
    }

    @Test
    public void readsDeadLettersFromATopicAndFromAnIndex() throws IOException {
        for (String sink : List.of(
                "{kafka: {bootstrapServers: \"" + kafka.bootstrapServers() + "\", topic: " + kafka.topic("dead-letters")
                        + "}}",
                "{elasticsearch: {url: \"" + elasticsearch.node().url() + "\", index: "
                        + elasticsearch.name("dead-letters") + "}}")) {
            deadLetters = sink;
            longPlays = kafka.topic("long-plays", 2);
            run("router", "--route=long-plays");

            Audited audited = Audited.of(spec(), "direct", "--route=long-plays");

            assertThat(audited.run().out(), audited.status(), is(Commands.DONE));
            assertThat(audited.route("long-plays"), is(all("long-plays")));
        }
    }

    /** What a clean audit says of a route without a key. */
    private Map<String, Long> all(String route) {
        long held = oracle.delivered(route).size();
        long deadLettered = oracle.deadLetters(route).size();
        return new TreeMap<>(Map.of("expected", held + deadLettered, "held", held, "deadLettered", deadLettered));
    }

    private static Map<String, Long> with(Map<String, Long> figures, Map<String, Long> more) {
        more.forEach((figure, count) -> figures.merge(figure, count, Long::sum));
        return figures;
    }

    private List<String> newestOfProfiles() {
        return oracle.delivered("profiles").values().stream()
                .map(event -> event.play().profileId())
                .distinct()
                .toList();
    }

    private ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> read) {
        return new ProducerRecord<>(
                longPlays, read.partition(), read.timestamp(), read.key(), read.value(), read.headers());
    }

    private static String id(ConsumerRecord<byte[], byte[]> read) {
        return new String(read.headers().lastHeader("millrace-id").value(), UTF_8);
    }

    private static long countOf(List<ConsumerRecord<byte[], byte[]>> records, int partition) {
        return records.stream().filter(read -> read.partition() == partition).count();
    }

    private static long lines(byte[] gzip) throws IOException {
        try (GZIPInputStream text = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return new String(text.readAllBytes(), UTF_8).lines().count();
        }
    }

    private void run(String command, String... options) throws IOException {
        CommandLineRun run = CommandLineRun.of(Stream.concat(Stream.of(command, "--spec=" + spec()), Stream.of(options))
                .toArray(String[]::new));
        assertThat(run.err(), run.status(), is(Commands.DONE));
    }

    private Path spec() throws IOException {
        String text = """
                name: audited
                source:
                  kafka: {bootstrapServers: "${servers}", topics: [${plays}], stop: end}
                  eventTime: event.ts
                routes:
                  - name: long-plays
                    filter: event.duration_s > 60 && event.country in ["US", "CA"]
                    project: {profile_id: event.profile_id, minutes: event.duration_s / 60.0}
                    key: event.profile_id
                    sink: {kafka: {bootstrapServers: "${servers}", topic: ${longPlays}}}
                  - name: everything
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${index}, maxDocumentBytes: 10000}}
                  - name: profiles
                    key: event.profile_id
                    sink: {elasticsearch: {url: "${elasticsearch}", index: ${profiles}}}
                  - name: archive
                    sink: {s3: {path: "s3://${bucket}/archive", window: PT5M, allowedLateness: PT3H, shards: 2, compression: gzip}}
                s3: {region: us-east-1, endpoint: "${s3}"}
                deadLetters: ${deadLetters}
                """.replace("${deadLetters}", deadLetters)
                .replace("${servers}", kafka.bootstrapServers())
                .replace("${plays}", plays)
                .replace("${longPlays}", longPlays)
                .replace("${elasticsearch}", elasticsearch.node().url())
                .replace("${index}", index)
                .replace("${profiles}", profiles)
                .replace("${bucket}", bucket)
                .replace("${s3}", s3.server().endpoint());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }
}
