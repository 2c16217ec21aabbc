package io.millrace.testfixtures.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.testfixtures.elasticsearch.ElasticsearchNode;
import io.millrace.testfixtures.events.PlayEvents;
import io.millrace.testfixtures.events.Titles;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.history.HistoryService;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.s3.S3Server;
import io.millrace.testfixtures.showings.ImpressionsAndPlays;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Kafka, Flink, Elasticsearch and S3 on this machine, with play events in a topic and a spec that routes them into all of them.
 *
 * <p><i>State</i>: what the servers hold is deleted when the sandbox is closed, or its process ends. The spec stays.
 *
 * <p><i>Fails</i>: as the start of a server does, with the end of its log.
 */
public final class Sandbox implements AutoCloseable {
    private static final String PLAYS = "play_events";
    private static final int EVENTS = 20_000;
    private static final String IMPRESSIONS = "impressions";
    private static final String PLAYS_OF_IMPRESSIONS = "plays_of_impressions";
    private static final int PARTITIONS = 8;

    /** The impressions and plays that are loaded. */
    public static final ImpressionsAndPlays STORY =
            ImpressionsAndPlays.seed(42).plays(2_000).unled(0.1).unplayed(0.5).duplicated(0.01);

    private static final int TITLES = 500;
    private static final Path FOLDER = Path.of("out", "sandbox");

    private final KafkaBroker kafka = KafkaBroker.create();
    private final FlinkCluster flink = FlinkCluster.of(2, 4);
    private final ElasticsearchNode elasticsearch = ElasticsearchNode.create();
    private final S3Server s3 = S3Server.create();
    private final HistoryService history = HistoryService.create();

    private Sandbox() {}

    /** Starts the sandbox, says what there is to try, and stays until the process is told to end. */
    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("starting Kafka, Flink, Elasticsearch, S3 and a service of histories");
        long began = System.nanoTime();
        try (Sandbox sandbox = start()) {
            System.out.println("they are up after "
                    + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)
                    + " s, with " + EVENTS + " events loaded");
            sandbox.welcome(System.out, FOLDER);
            new CountDownLatch(1).await();
        }
    }

    /** Starts the servers, all at the same time, and loads the events. */
    public static Sandbox start() {
        Sandbox sandbox = new Sandbox();
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(sandbox::loadEvents),
                        CompletableFuture.runAsync(sandbox.flink::start),
                        CompletableFuture.runAsync(sandbox.elasticsearch::start),
                        CompletableFuture.runAsync(sandbox.history::start),
                        CompletableFuture.runAsync(sandbox::startS3))
                .join();
        return sandbox;
    }

    private void loadEvents() {
        kafka.start();
        List.of(
                        PLAYS,
                        "devices",
                        "enriched_plays",
                        IMPRESSIONS,
                        PLAYS_OF_IMPRESSIONS,
                        "conversion_rates",
                        "dead_letters")
                .forEach(topic -> kafka.createTopic(topic, PARTITIONS));
        kafka.produce(STORY.impressions().stream().map(event -> event.recordFor(IMPRESSIONS)));
        kafka.produce(STORY.plays().stream().map(event -> event.recordFor(PLAYS_OF_IMPRESSIONS)));
        kafka.produce(
                PlayEvents.seed(42).count(EVENTS).late(0.01).duplicated(0.005).broken(0.005).wrongFields(0.005).stream()
                        .map(event -> event.recordFor(PLAYS)));
    }

    private void startS3() {
        s3.start();
        s3.createBucket("lake");
    }

    /** The cluster that takes jobs. */
    public FlinkCluster flink() {
        return flink;
    }

    /** The broker with the play events. */
    public KafkaBroker kafka() {
        return kafka;
    }

    /** The node that documents go to. */
    public ElasticsearchNode elasticsearch() {
        return elasticsearch;
    }

    /** The server of the bucket {@code lake}. */
    public S3Server s3() {
        return s3;
    }

    /** Writes specs and a table into a folder, and tells a person what there is to try. */
    public void welcome(PrintStream out, Path folder) {
        Map<String, String> values = values(folder);
        write(folder.resolve("titles.jsonl"), String.join("\n", Titles.rows(TITLES)) + "\n");
        for (String spec : List.of("play-events.yaml", "enriched-plays.yaml", "conversions.yaml", "look.yaml")) {
            write(folder.resolve(spec), filledIn(spec, values));
        }
        out.println(filledIn("welcome.txt", values));
    }

    private static void write(Path file, String text) {
        try {
            Path absolute = file.toAbsolutePath();
            Files.createDirectories(absolute.getParent());
            Files.writeString(absolute, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> values(Path folder) {
        Map<String, String> values = new HashMap<>();
        values.put("kafka", kafka.bootstrapServers());
        values.put("flink", flink.master());
        values.put("elasticsearch", elasticsearch.url());
        values.put("s3", s3.endpoint());
        values.put("accessKey", S3Server.ACCESS_KEY);
        values.put("secretKey", S3Server.SECRET_KEY);
        values.put("lake", s3.folder("lake").toString());
        values.put("events", String.valueOf(EVENTS));
        values.put("plays", String.valueOf(STORY.truth().size()));
        values.put("history", history.url());
        values.put("titles", folder.resolve("titles.jsonl").toAbsolutePath().toString());
        values.put("folder", folder.toString());
        return values;
    }

    private static String filledIn(String resource, Map<String, String> values) {
        String text = read(resource);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    private static String read(String resource) {
        try (InputStream in = Sandbox.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the servers and deletes what they hold. */
    @Override
    public void close() {
        List.of(flink, kafka, elasticsearch, s3, history).forEach(Sandbox::close);
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
