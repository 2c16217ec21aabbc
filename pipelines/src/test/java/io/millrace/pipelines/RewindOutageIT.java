package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.testfixtures.elasticsearch.ElasticsearchRule;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.memcached.MemcachedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Sinks of a join and of a view that have lost what was written to them since a moment, and have something else in its place: when the job
 * was taken back to before that, they hold what they held.
 *
 * <p>An impression a second, of a profile of its own, each with its play half a second later; and an asset whose place changes.
 */
public class RewindOutageIT {
    private static final long START = 1_700_000_000_000L;
    private static final long LATER = START + 3_600_000;
    private static final int ASSETS = 30;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final ElasticsearchRule elasticsearch = new ElasticsearchRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final MemcachedNode cache = MemcachedNode.create().start();
    private String name;
    private String impressions;
    private String plays;
    private String assets;

    @Before
    public void name() {
        name = flink.name("damaged");
        impressions = kafka.topic("impressions", 1);
        plays = kafka.topic("plays", 1);
        assets = kafka.topic("assets", 1);
    }

    @After
    public void closeCache() {
        cache.close();
    }

    @Test
    public void aJoinAndAViewAreMadeAgainSinceTheMomentOfTheDamage() throws Exception {
        produce(0, 40);
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), spec());
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        eventually("first plays", () -> led().size(), greaterThan(10));
        try (ZoneReader zone = new ZoneReader(cache, assetIds())) {
            eventually("first places", () -> places(zone), is(placesAfter(40)));
            RestorePoint point = ClusterRuns.scheduledPoint(flink, name);
            produce(40, 100);
            kafka.broker().produce(Stream.of(at(LATER, impressions, "end", "end"), at(LATER, plays, "end", "end")));
            eventually("all plays", this::led, is(ledUntil(100)));
            eventually("all places", () -> places(zone), is(placesAfter(100)));
            damage();
            assertThat(led(), is(not(ledUntil(100))));
            assertThat(places(zone), is(not(placesAfter(100))));

            CommandLineRun run = CommandLineRun.of(
                    "rewind",
                    "run",
                    "--job=" + name,
                    "--flinkMaster=" + flink.cluster().master(),
                    "--to=" + point.at().plusMillis(1));

            assertThat(run.err(), run.status(), is(Commands.DONE));
            eventually("all plays again", this::led, is(ledUntil(100)));
            eventually("all places again", () -> places(zone), is(placesAfter(100)));
        }
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters")), is(List.of()));
    }

    /** What came of the second sixty is gone, or is something else. */
    private void damage() {
        Map<String, Long> versions = elasticsearch.node().versions(name);
        elasticsearch.node().documents(name).forEach((id, document) -> {
            String play = document.at("/right/id").asText();
            if (number(play) >= 40 && number(play) % 2 == 0) {
                elasticsearch.node().deleteDocument(name, id);
            } else if (number(play) >= 40) {
                String damaged = "{\"right\":{\"id\":\"%s\"},\"left\":{\"list\":[]}}".formatted(play);
                elasticsearch.node().putDocument(name, id, versions.get(id) + 1, damaged);
            }
        });
        for (String asset : assetIds()) { // each has changed
            if (number(asset) % 3 == 0) {
                cache.delete(asset);
            } else {
                cache.set(asset, "damaged");
            }
        }
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(id.indexOf('-') + 1));
    }

    /** The impressions of each play, as the index has them. */
    private Map<String, List<String>> led() {
        return JoinResults.impressionsOfPlays(
                elasticsearch.node().documents(name).values());
    }

    private static Map<String, List<String>> ledUntil(int end) {
        return IntStream.range(0, end)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "p-" + number, number -> List.of("i-" + number), (one, other) -> one, TreeMap::new));
    }

    private static Map<String, Integer> places(ZoneReader zone) {
        Map<String, Integer> places = new TreeMap<>();
        zone.read().forEach((key, document) -> {
            if (document.startsWith("{")) {
                places.put(key, JoinResults.json(document).at("/items/0/place").asInt());
            }
        });
        return places;
    }

    private static Map<String, Integer> placesAfter(int end) {
        Map<String, Integer> places = new TreeMap<>();
        IntStream.range(0, end).forEach(number -> places.put(asset(number), number));
        return places;
    }

    private static String asset(int number) {
        return "a-" + number % ASSETS;
    }

    private static List<String> assetIds() {
        return IntStream.range(0, ASSETS).mapToObj(RewindOutageIT::asset).toList();
    }

    private void produce(int first, int end) {
        produce(first, end, number -> at(START + 1_000L * number, impressions, "i-" + number, "k-" + number));
        produce(first, end, number -> at(START + 1_000L * number + 500, plays, "p-" + number, "k-" + number));
        produce(first, end, number -> at(START + 1_000L * number, assets, asset(number), String.valueOf(number)));
    }

    private void produce(int first, int end, IntFunction<ProducerRecord<byte[], byte[]>> event) {
        kafka.broker().produce(IntStream.range(first, end).mapToObj(event));
    }

    private static ProducerRecord<byte[], byte[]> at(long time, String topic, String id, String of) {
        return new ProducerRecord<>(
                topic,
                0,
                time,
                new byte[0],
                "{\"id\":\"%s\",\"of\":\"%s\"}".formatted(id, of).getBytes(UTF_8));
    }

    private Path spec() throws IOException {
        String text = """
                name: %1$s
                isolation: shared
                sources:
                  impressions: {kafka: {bootstrapServers: "%2$s", topics: [%3$s]}, idleAfter: never}
                  plays: {kafka: {bootstrapServers: "%2$s", topics: [%4$s]}, idleAfter: never}
                  assets: {kafka: {bootstrapServers: "%2$s", topics: [%5$s]}, idleAfter: never}
                joins:
                  led:
                    left: {from: impressions, key: event.of, keep: {id: event.id}}
                    right: {from: plays, key: event.of, keep: {id: event.id}, looksBack: PT10S}
                    type: rightOuter
                    list: true
                views:
                  places:
                    changes: [{from: assets, key: event.id, keep: {place: int(event.of)}}]
                    every: PT0.2S
                routes:
                  - {name: led, from: [led], sink: {elasticsearch: {url: "%6$s", index: %1$s}}}
                  - {name: cache, from: [places], sink: {evcache: {zones: {a: ["%7$s"]}}}}
                deadLetters: {files: {path: %8$s/dead-letters}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        impressions,
                        plays,
                        assets,
                        elasticsearch.node().url(),
                        cache.address(),
                        folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), text);
    }
}
