package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testfixtures.assets.AssetEvent;
import io.millrace.testfixtures.assets.AssetStory;
import io.millrace.testfixtures.flink.FlinkRest.Job;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.testfixtures.publish.PagedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A view on a Flink cluster with its state in RocksDB, whose TaskManagers are killed in the middle of a flush and of a full publish, and which goes on
 * from a savepoint with other numbers of tasks: what was written last of each key is what the events and the publish make of it.
 */
public class ViewUnderKillsIT {
    private static final int MOVIES = 400;
    private static final int PARTITIONS = 3;
    private static final int PAGE_SIZE = 200;

    private final AssetStory story = new AssetStory(5, MOVIES, 8, 200);

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final PagedService service = PagedService.start(PAGE_SIZE);
    private final MemcachedNode first = MemcachedNode.create().start();
    private final MemcachedNode second = MemcachedNode.create().start();
    private String name;
    private String assets;
    private String told;

    @Before
    public void name() throws IOException {
        name = flink.name("assets");
        assets = kafka.topic("assets", PARTITIONS);
        told = kafka.topic("locations", 1);
        service.hold(0, List.of());
        Files.writeString(path("spec.yaml"), """
                name: %1$s
                isolation: shared
                sources:
                  assets: {kafka: {bootstrapServers: "%2$s", topics: [%3$s]}, eventTime: event.ts}
                views:
                  locations:
                    changes:
                      - from: assets
                        key: event.cdn + "/" + event.movie_id
                        item: event.appliance
                        keep: [appliance, path]
                        removes: event.kind == "removed"
                    publish:
                      http: {url: "%4$s", items: assets, next: next, nextParameter: cursor, version: asOf}
                      key: event.cdn + "/" + event.movie_id
                      item: event.appliance
                      keep: [appliance, path]
                    every: PT0.2S
                    flushRate: 2000
                    control: {kafka: {bootstrapServers: "%2$s", topic: %3$s-control}}
                routes:
                  - {name: told, from: [locations], sink: {kafka: {bootstrapServers: "%2$s", topic: %5$s}}}
                  - {name: cache, from: [locations], sink: {evcache: {zones: {a: ["%7$s"], b: ["%8$s"]}}}}
                deadLetters: {files: {path: %6$s}}
                """.formatted(
                        name,
                        kafka.bootstrapServers(),
                        assets,
                        service.url(),
                        told,
                        path("dead-letters"),
                        first.address(),
                        second.address()));
    }

    @After
    public void end() {
        service.close();
        first.close();
        second.close();
    }

    private Path path(String file) {
        return folder.getRoot().toPath().resolve(file);
    }

    @Test
    public void eachZoneHasWhatEventsAndPublishesMakeOfEachKeyAndNoKeyFallsBack() throws Exception {
        produce(3_000);
        submit("--parallelism=2");
        List<String> keys = allKeys();
        try (ZoneReader inFirst = new ZoneReader(first, keys);
                ZoneReader inSecond = new ZoneReader(second, keys)) {
            awaitTruth(inFirst, inSecond);

            killedInMidFlush(inFirst, inSecond);
            killedInMidPublish(inFirst, inSecond);

            submit("--parallelism=3", "--upgrade");
            produce(500);
            awaitTruth(inFirst, inSecond);

            assertThat(inFirst.fallenBack(), is(List.of()));
            assertThat(inSecond.fallenBack(), is(List.of()));
            eventually("looks", inFirst::looks, greaterThan(100L));
            verifyAndRepair(keys);
        }
        assertThat(ClusterRuns.lines(path("dead-letters")), is(List.of()));
    }

    private static List<String> allKeys() {
        return Stream.of("us", "eu")
                .flatMap(cdn -> Stream.concat(
                                IntStream.range(0, MOVIES).mapToObj(movie -> "m-" + movie), Stream.of("m-unheard"))
                        .map(movie -> cdn + "/" + movie))
                .toList();
    }

    private void killedInMidFlush(ZoneReader... zones) throws Exception {
        long before = kafka.broker().end(told);
        CompletableFuture<CommandLineRun> flush = inBackground("view", "flush", spec(), "--all", "--rate=80");
        eventually("keys flushed", () -> kafka.broker().end(told), greaterThan(before + 50));
        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        produce(500);
        ClusterRuns.killTaskManagers(flink, job().id());
        CommandLineRun flushed = flush.get();
        assertThat(flushed.err(), flushed.status(), is(Commands.DONE));
        assertThat(flushed.out(), containsString("keys of view locations"));
        awaitTruth(zones);
        assertThat(flushedSince(before), is(true));
    }

    private void killedInMidPublish(ZoneReader... zones) throws Exception {
        story.addUnheard(new AssetEvent("us", "m-unheard", "oca-1", "/unheard", story.now()));
        removeUnheard();
        service.hold(story.now().toEpochMilli(), story.published());
        service.takeForEachPage(Duration.ofMillis(300));
        long readings = service.readingsBegun();
        assertThat(CommandLineRun.of("view", "publish", spec()).status(), is(Commands.DONE));
        eventually("readings", service::readingsBegun, greaterThan(readings));
        flink.rest().awaitMoreCheckpoints(job().id(), 1);
        produce(500);
        ClusterRuns.killTaskManagers(flink, job().id());
        awaitTruth(zones);
    }

    /** Some of what a zone has is other than the view told it: that is found, and put right, and nothing else is written. */
    private void verifyAndRepair(List<String> keys) {
        CommandLineRun right = CommandLineRun.of("view", "verify", spec());
        assertThat(right.err() + right.out(), right.status(), is(Commands.DONE));

        List<String> there = List.copyOf(story.truth().keySet());
        String gone =
                keys.stream().filter(key -> !there.contains(key)).findFirst().orElseThrow();
        first.set(there.get(0), "{\"version\": 1}");
        first.set(there.get(1), "anything");
        second.delete(there.get(2));
        second.set(gone, "{\"version\": 2}");
        CommandLineRun wrong = CommandLineRun.of("view", "verify", spec());
        assertThat(wrong.err(), wrong.status(), is(Commands.FAILED));
        assertThat(
                wrong.outLines(),
                hasItems("route cache, zone a: stale 1, foreign 1", "route cache, zone b: missing 1, orphaned 1"));

        CommandLineRun shown = CommandLineRun.of("view", "get", there.get(1), spec());
        assertThat(shown.outLines(), hasItems("route cache, zone a: foreign: anything"));
        assertThat(shown.status(), is(Commands.FAILED));

        CommandLineRun repaired = CommandLineRun.of("view", "verify", spec(), "--repair");
        assertThat(repaired.err(), repaired.status(), is(Commands.DONE));
        assertThat(repaired.outLines(), hasItems("4 keys repaired"));
    }

    /** What no event has ever said: it is known by the full publish alone. */
    private void removeUnheard() {
        Map.Entry<String, List<String>> some =
                story.truth().entrySet().iterator().next();
        String[] key = some.getKey().split("/", -1);
        String appliance = some.getValue().get(0).split(" ", -1)[0];
        story.addUnheard(new AssetEvent(key[0], key[1], appliance, null, story.now()));
    }

    private String spec() {
        return "--spec=" + path("spec.yaml");
    }

    private static CompletableFuture<CommandLineRun> inBackground(String... command) {
        return CompletableFuture.supplyAsync(() -> CommandLineRun.of(command));
    }

    private void produce(int events) {
        kafka.broker().produce(story.next(events).stream().map(event -> event.recordFor(assets)));
    }

    private void awaitTruth(ZoneReader... zones) {
        eventually("what was written last", this::writtenLast, is(story.truth()));
        for (ZoneReader zone : zones) {
            eventually("what a zone has", () -> locations(zone.read()), is(story.truth()));
        }
    }

    private static Map<String, List<String>> locations(Map<String, String> documents) {
        Map<String, List<String>> locations = new TreeMap<>();
        documents.forEach((key, document) -> locations.put(key, locations(document.getBytes(UTF_8))));
        return locations;
    }

    private Map<String, List<String>> writtenLast() {
        Map<String, List<String>> last = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.broker().records(told)) {
            String key = new String(record.key(), UTF_8);
            if (record.value() == null) {
                last.remove(key);
            } else {
                last.put(key, locations(record.value()));
            }
        }
        return last;
    }

    private static List<String> locations(byte[] document) {
        List<String> locations = new ArrayList<>();
        for (JsonNode item : JoinResults.json(new String(document, UTF_8)).path("items")) {
            locations.add(
                    item.path("appliance").asText() + " " + item.path("path").asText());
        }
        return locations;
    }

    /** Whether each key that there was has been written since. */
    private boolean flushedSince(long offset) {
        Map<String, Boolean> since = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.broker().records(told)) {
            since.merge(new String(record.key(), UTF_8), record.offset() >= offset, (one, other) -> one || other);
        }
        return !since.containsValue(false);
    }

    private void submit(String... options) {
        ClusterRuns.submitWithRocksDb(flink.cluster(), path("spec.yaml"), path("state"), options);
    }

    private Job job() {
        return ClusterRuns.job(flink, name);
    }
}
