package io.millrace.pipelines;

import static io.millrace.testfixtures.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.millrace.pipelines.rewind.RestorePoint;
import io.millrace.testfixtures.flink.FlinkRule;
import io.millrace.testfixtures.kafka.KafkaRule;
import io.millrace.testfixtures.memcached.MemcachedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A view whose filter has taken for a while what it should not, and whose items were wrong: taken back with the spec corrected, each zone of its cache has what it would have if the spec had
 * been right from the beginning.
 *
 * <p>Places of assets; what is {@code test} does not count, which the filter has forgotten, and what is late was added to places. Until the restore point nothing is either.
 */
public class RewindViewIT {
    private static final long START = 1_700_000_000_000L;
    private static final int ASSETS = 60;
    private static final int LATER = 5;

    @Rule
    public final KafkaRule kafka = new KafkaRule();

    @Rule
    public final FlinkRule flink = new FlinkRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final MemcachedNode near = MemcachedNode.create().start();
    private final MemcachedNode far = MemcachedNode.create().start();
    private final List<Change> changes = new ArrayList<>();
    private String name;
    private String job;
    private String assets;

    /** An event of an asset. */
    private record Change(String id, String state, boolean removes, int place, int late, long version) {
        String json() {
            return "{\"id\":\"%s\",\"state\":\"%s\",\"removes\":%s,\"place\":%d,\"late\":%d}"
                    .formatted(id, state, removes, place, late);
        }

        String document(int place) {
            return "{\"version\":%d,\"key\":\"%s\",\"items\":[{\"place\":%d}]}".formatted(version, id, place);
        }
    }

    @Before
    public void name() {
        name = flink.name("mistaken");
        job = name + "--cache";
        assets = kafka.topic("assets", 2);
    }

    @After
    public void closeCaches() {
        near.close();
        far.close();
    }

    @Test
    public void eachZoneHasWhatTheViewHadHadItAlwaysBeenRight() throws Exception {
        ids("a", ASSETS).forEach(id -> change(id, "live", false, 0));
        produceFrom(0);
        CommandLineRun submitted =
                ClusterRuns.submit(flink.cluster(), spec("wrong", "true", "event.place + event.late"));
        assertThat(submitted.err(), submitted.status(), is(Commands.DONE));
        try (ZoneReader a = new ZoneReader(near, allIds());
                ZoneReader b = new ZoneReader(far, allIds())) {
            eventually("all first places", () -> List.of(a.read(), b.read()), is(List.of(right(), right())));
            RestorePoint point = ClusterRuns.scheduledPoint(flink, job);
            goWrong();
            eventually("all wrong places", () -> List.of(a.read(), b.read()), is(List.of(wrong(), wrong())));

            CommandLineRun run = CommandLineRun.of(
                    "rewind",
                    "run",
                    "--job=" + job,
                    "--flinkMaster=" + flink.cluster().master(),
                    "--spec=" + spec("corrected", "event.state != \"test\"", "event.place"),
                    "--to=" + point.at().plusMillis(1));

            assertThat(run.err(), run.status(), is(Commands.DONE));
            assertThat(List.of(a.awaitAll(), b.awaitAll()), is(List.of(right(), right())));
            assertThat(
                    run.out(),
                    containsString("view places: 50 keys compared that were changed since;"
                            + " 10 were deleted that it does not have, and 20 written again"));

            int before = changes.size();
            change("a-0", "live", false, LATER);
            produceFrom(before);
            eventually("it goes on", () -> List.of(a.read(), b.read()), is(List.of(right(), right())));
        }
        assertThat(ClusterRuns.lines(folder.getRoot().toPath().resolve("dead-letters")), is(List.of()));
    }

    /** Of each ten assets another thing happens; the last ten stay as they are. */
    private void goWrong() {
        int before = changes.size();
        for (int number = 0; number < ASSETS / 6; number++) {
            change("a-" + number, "live", false, LATER);
            change("a-" + (10 + number), "live", true, LATER); // rightly removed
            change("a-" + (20 + number), "test", false, LATER);
            change("a-" + (30 + number), "test", true, LATER); // wrongly removed
            change("t-" + number, "test", false, LATER);
        }
        produceFrom(before);
    }

    private void change(String id, String state, boolean removes, int late) {
        changes.add(new Change(id, state, removes, changes.size(), late, START + changes.size()));
    }

    private void produceFrom(int first) {
        kafka.broker()
                .produce(changes.subList(first, changes.size()).stream()
                        .map(change -> new ProducerRecord<byte[], byte[]>(
                                assets,
                                change.id().hashCode() & 1,
                                change.version(),
                                null,
                                change.json().getBytes(UTF_8))));
    }

    private Map<String, String> right() {
        return stored(change -> !change.state().equals("test"), Change::place);
    }

    private Map<String, String> wrong() {
        return stored(change -> true, change -> change.place() + change.late());
    }

    private Map<String, String> stored(Predicate<Change> counts, ToIntFunction<Change> place) {
        Map<String, String> stored = new TreeMap<>();
        changes.stream().filter(counts).forEach(change -> {
            if (change.removes()) {
                stored.remove(change.id());
            } else {
                stored.put(change.id(), change.document(place.applyAsInt(change)));
            }
        });
        return stored;
    }

    private static List<String> ids(String of, int count) {
        return IntStream.range(0, count).mapToObj(number -> of + "-" + number).toList();
    }

    private static List<String> allIds() {
        return Stream.concat(ids("a", ASSETS).stream(), ids("t", ASSETS / 6).stream())
                .toList();
    }

    private Path spec(String file, String filter, String place) throws IOException {
        String text = """
                name: %1$s
                sources:
                  assets: {kafka: {bootstrapServers: "%2$s", topics: [%3$s]}, idleAfter: never}
                views:
                  places:
                    changes: [{from: assets, filter: '%4$s', key: event.id, removes: event.removes, keep: {place: %5$s}}]
                    every: PT0.2S
                    control: {kafka: {bootstrapServers: "%2$s", topic: %1$s-control}}
                routes:
                  - {name: cache, from: [places], sink: {evcache: {zones: {a: ["%6$s"], b: ["%7$s"]}}}}
                deadLetters: {files: {path: %8$s/dead-letters}}
                """.formatted(
                name, kafka.bootstrapServers(), assets, filter, place, near.address(), far.address(), folder.getRoot());
        return Files.writeString(folder.getRoot().toPath().resolve(file + ".yaml"), text);
    }
}
