package io.millrace.benchmarks.join;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.kafka.KafkaBroker;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A join of a spec on a cluster with state in RocksDB, of which many keys wait. */
final class WaitingTrial {
    private static final long START = 1_700_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final double PLAYS = 0.2;
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private final KafkaBroker broker;
    private final FlinkCluster cluster;
    private final Path folder;
    private final ClusterJobs jobs;

    WaitingTrial(KafkaBroker broker, FlinkCluster cluster, Path folder) {
        this.broker = broker;
        this.cluster = cluster;
        this.folder = folder;
        this.jobs = new ClusterJobs(cluster, folder);
    }

    /**
     * What a job did.
     *
     * @param eventsPerSecond that it read
     * @param checkpointSeconds how long its last checkpoint took
     * @param checkpointBytes how much that was
     * @param stateBytes how large its state is
     */
    record Account(double eventsPerSecond, double checkpointSeconds, long checkpointBytes, long stateBytes) {}

    /** How many bytes a savepoint has, in which nothing is compressed, while so many impressions wait of each of so many keys. */
    long stateBytes(int keys, int impressions) {
        String topic = "state-" + keys + "-" + impressions;
        broker.createTopic(topic, 1);
        broker.produce(IntStream.range(0, keys * impressions)
                .mapToObj(i -> view(topic, 'i', i % keys, START + (long) i * HOUR / ((long) keys * impressions))));
        broker.produce(Stream.of(
                view(topic, 'p', 0, START + HOUR), // is joined when all is read
                view(topic, 'i', keys, START + 2 * HOUR)));
        String job = start(topic, "--checkpointingInterval=1000");
        awaitResults(topic, 0);
        long bytes = size(Path.of(URI.create(cluster.rest().savepoint(job))));
        cluster.rest().cancelAll();
        return bytes;
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long one document is that is kept. */
    static int payload() {
        return kept('i', 0).length();
    }

    /** How long a key is. */
    static int keyBytes() {
        return key(0).length();
    }

    /** The rate with so many keys of each of which an impression waits, while others and plays of them come. */
    Account rate(int keys, int coming, Duration counted) {
        String topic = "waiting-" + keys;
        broker.createTopic(topic, 1);
        broker.produce(IntStream.range(0, keys).mapToObj(i -> view(topic, 'i', i, START + (long) i * HOUR / keys)));
        SplittableRandom random = new SplittableRandom(42);
        broker.produce(IntStream.range(0, coming)
                .mapToObj(i ->
                        view(topic, random.nextDouble() < PLAYS ? 'p' : 'i', random.nextInt(keys), START + HOUR + i)));
        String job = start(topic, "--checkpointingInterval=10000");
        awaitResults(topic, 0);
        ClusterJobs.pass(SETTLING);
        long before = results(topic);
        long start = System.nanoTime();
        ClusterJobs.pass(counted);
        double perSecond = (results(topic) - before) / ((System.nanoTime() - start) / 1e9);
        JsonNode checkpoint = latest(job);
        cluster.rest().cancelAll();
        return new Account(
                perSecond / PLAYS,
                checkpoint.path("end_to_end_duration").longValue() / 1e3,
                checkpoint.path("checkpointed_size").longValue(),
                checkpoint.path("state_size").longValue());
    }

    private JsonNode latest(String job) {
        return cluster.rest().get("/jobs/" + job + "/checkpoints").at("/latest/completed");
    }

    private void awaitResults(String topic, long than) {
        Eventually.within(PATIENCE).until("results of " + topic, () -> results(topic) > than);
    }

    private long results(String topic) {
        return broker.end(output(topic));
    }

    private static String output(String topic) {
        return topic + "-joined";
    }

    private static String deadLetters(String topic) {
        return topic + "-dead";
    }

    private String start(String topic, String... options) {
        broker.createTopic(output(topic), 1);
        broker.createTopic(deadLetters(topic), 1);
        jobs.submit(
                "join",
                spec(topic),
                Stream.concat(
                                Stream.of(
                                        "--parallelism=1",
                                        "--stateBackend=rocksdb",
                                        "--stateBackendStoragePath="
                                                + cluster.checkpoints().toUri()),
                                Stream.of(options))
                        .toArray(String[]::new));
        return cluster.rest().jobs().stream()
                .filter(job -> !job.hasEnded())
                .findFirst()
                .orElseThrow()
                .id();
    }

    private Path spec(String topic) {
        String side = "from: views, filter: event.kind == \"%s\", key: event.key, keep: [row, position]";
        String spec = """
                name: %1$s
                sources:
                  views: {kafka: {bootstrapServers: "%2$s", topics: [%1$s]}}
                joins:
                  joined:
                    left: {%3$s}
                    right: {%4$s, looksBack: PT4H}
                    type: rightOuter
                routes:
                  - {name: joined, from: [joined], sink: {kafka: {bootstrapServers: "%2$s", topic: %5$s}}}
                deadLetters: {kafka: {bootstrapServers: "%2$s", topic: %6$s}}
                """.formatted(
                        topic,
                        broker.bootstrapServers(),
                        side.formatted("i"),
                        side.formatted("p"),
                        output(topic),
                        deadLetters(topic));
        try {
            return Files.writeString(folder.resolve(topic + ".yaml"), spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> view(String topic, char kind, int key, long time) {
        String document = "{\"kind\":\"" + kind + "\",\"key\":\"" + key(key) + "\","
                + kept(kind, key).substring(1);
        return new ProducerRecord<>(topic, 0, time, null, document.getBytes(UTF_8));
    }

    private static String key(int number) {
        return "p%08d/t%04d".formatted(number, number % 5_000);
    }

    private static String kept(char kind, int number) {
        return "{\"row\":\"%c-%02d\",\"position\":\"%02d\"}".formatted(kind, number % 40, number % 37);
    }
}
