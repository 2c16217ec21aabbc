package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import io.millrace.devinterface.spec.RouterSpec;
import io.millrace.devinterface.spec.SpecReader;
import io.millrace.devinterface.spec.SpecReader.Target;
import io.millrace.devinterface.spec.ViewSpec;
import io.millrace.pipelines.KeySettlement.Extent;
import io.millrace.pipelines.KeySettlement.Settled;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.memcached.MemcachedNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a cache has otherwise than the view of a job that runs is made right as far as nobody else may have stored it. */
public class KeySettlementIT {
    private static final List<String> KEYS = List.of("foreign", "missing", "orphaned", "right", "stale", "unknown");
    private static final long START = 1_700_000_000_000L;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final MemcachedNode cache = MemcachedNode.create().start();
    private final Map<String, String> truth = new TreeMap<>();
    private String name;
    private String assets;
    private Path file;

    @Before
    public void name() throws IOException {
        name = flink.name("settled");
        assets = kafka.topic("assets", 1);
        file = Files.writeString(folder.getRoot().toPath().resolve("spec.yaml"), """
                name: %1$s
                sources:
                  assets: {kafka: {bootstrapServers: "%2$s", topics: [%3$s]}, idleAfter: never}
                views:
                  places:
                    changes: [{from: assets, key: event.id, removes: event.removes, keep: {place: event.place}}]
                    every: PT0.2S
                    control: {kafka: {bootstrapServers: "%2$s", topic: %1$s-control}}
                routes:
                  - {name: cache, from: [places], sink: {evcache: {zones: {a: ["%4$s"]}}}}
                deadLetters: {files: {path: %5$s/dead-letters}}
                """.formatted(
                        name, kafka.bootstrapServers(), assets, cache.address(), folder.getRoot()));
    }

    @After
    public void close() {
        cache.close();
    }

    @Test
    public void makesRightWhatTheViewAloneMayHaveStored() throws Exception {
        Stream.of("foreign", "missing", "orphaned", "right", "stale").forEach(key -> change(key, false));
        CommandLineRun submitted = ClusterRuns.submit(flink.cluster(), file);
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        try (ZoneReader zone = new ZoneReader(cache, KEYS)) {
            eventually("all places", zone::read, is(truth));
            change("orphaned", true);
            eventually("all but one", zone::read, is(truth));
            cache.set("foreign", "anything");
            cache.delete("missing");
            cache.set("orphaned", "{\"version\": 1}");
            cache.set("stale", "{\"version\": 1}");
            cache.set("unknown", "anything");

            Settled behind = settle(Extent.BEHIND);
            assertThat(behind.repaired(), containsInAnyOrder("missing", "stale"));
            assertThat(behind.kept(), containsInAnyOrder("foreign", "orphaned", "unknown"));
            assertThat(behind.deleted(), is(empty()));
            assertThat(zone.awaitAll().get("foreign"), is("anything"));
            assertThat(zone.awaitAll().get("stale"), is(truth.get("stale")));

            Settled known = settle(Extent.KNOWN);
            assertThat(known.repaired(), containsInAnyOrder("foreign", "orphaned"));
            assertThat(known.kept(), containsInAnyOrder("unknown"));
            assertThat(known.deleted(), is(empty()));

            Settled all = settle(Extent.ALL);
            assertThat(all.deleted(), containsInAnyOrder("unknown"));
            assertThat(all.repaired(), is(empty()));
            assertThat(zone.awaitAll(), is(truth));
            assertThat(settle(Extent.ALL).deleted(), is(empty()));
        }
    }

    private Settled settle(Extent extent) throws Exception {
        RouterSpec spec = SpecReader.read(file, Target.LOCAL);
        ViewSpec view = spec.namedViews().get("places");
        AskedView asked = new AskedView(spec, "places", view, view.control().kafka());
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        try (StoredViews stored = StoredViews.of("places", spec.routes()).orElseThrow()) {
            return KeySettlement.settle(
                    KEYS, asked, stored, extent, new Terminal(nowhere, nowhere, Duration.ofSeconds(10)));
        }
    }

    private void change(String key, boolean removes) {
        long time = START + truth.size();
        kafka.broker()
                .produce(Stream.of(new ProducerRecord<byte[], byte[]>(
                        assets,
                        0,
                        time,
                        null,
                        "{\"id\":\"%s\",\"removes\":%s,\"place\":1}"
                                .formatted(key, removes)
                                .getBytes(UTF_8))));
        if (removes) {
            truth.remove(key);
        } else {
            truth.put(key, "{\"version\":%d,\"key\":\"%s\",\"items\":[{\"place\":1}]}".formatted(time, key));
        }
    }
}
