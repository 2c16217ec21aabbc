package io.millrace.benchmarks.view;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import io.millrace.benchmarks.race.ClusterJobs;
import io.millrace.io.evcache.EvCacheSink;
import io.millrace.io.evcache.EvCacheView;
import io.millrace.io.kafka.RequestTopic;
import io.millrace.io.kafka.TopicRequests;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.pipelines.view.Answer;
import io.millrace.pipelines.view.RequestJson;
import io.millrace.testfixtures.Eventually;
import io.millrace.testfixtures.flink.FlinkCluster;
import io.millrace.testfixtures.kafka.KafkaBroker;
import io.millrace.testfixtures.memcached.MemcachedNode;
import io.millrace.transforms.shard.Shards;
import io.millrace.transforms.view.ViewRequest;
import io.millrace.transforms.view.ViewRequest.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A view of titles on a cluster, with its state in RocksDB, that is written to one memcached server. */
final class ViewTrial implements AutoCloseable {
    static final String TOPIC = "titles";

    private static final long FIRST = 1_700_000_000_000L;
    private static final String ZONE = "zone-a";
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final int KEYS_OF_A_READ = 500;
    private static final int IN_FLIGHT = 1_000;
    private static final int ONE_OF = 100;
    private static final int LOOKED_AT_OF = 1_000;
    private static final long NOT_THERE = -1;
    private static final int VERIFY_RATE = 100_000;
    private static final int SECONDS_TO_ANSWER = 60;

    private final KafkaBroker broker;
    private final FlinkCluster cluster;
    private final MemcachedNode memcached;
    private final Path folder;
    private final Titles titles;
    private final ClusterJobs jobs;
    private final ViewStore store;
    private final ViewStore.Zone zone;

    ViewTrial(KafkaBroker broker, FlinkCluster cluster, MemcachedNode memcached, Path folder, int titles) {
        this.broker = broker;
        this.cluster = cluster;
        this.memcached = memcached;
        this.folder = folder;
        this.titles = new Titles(titles);
        this.jobs = new ClusterJobs(cluster, folder);
        this.store = EvCacheView.store(EvCacheSink.of(Map.of(ZONE, List.of(memcached.address()))));
        this.zone = store.open(ZONE);
    }

    Titles titles() {
        return titles;
    }

    ViewStore.Zone zone() {
        return zone;
    }

    ViewStore store() {
        return store;
    }

    MemcachedNode memcached() {
        return memcached;
    }

    /** Starts a job, and returns when all titles are stored. */
    void begin() {
        broker.createTopic(TOPIC, 2);
        writePublish(FIRST);
        broker.produce(IntStream.range(0, titles.number()).mapToObj(title -> titles.event(TOPIC, title, FIRST + 1)));
        writeSpec();
        jobs.submit(
                "view",
                spec(),
                "--parallelism=1",
                "--checkpointingInterval=10000",
                "--stateBackend=rocksdb",
                "--stateBackendStoragePath=" + cluster.checkpoints().toUri());
        awaitAllRight();
    }

    private Path publishFile() {
        return folder.resolve("all.jsonl");
    }

    private Path spec() {
        return folder.resolve("titles.yaml");
    }

    private void writeSpec() {
        String spec = """
                name: titles
                sources:
                  titles: {kafka: {bootstrapServers: "%1$s", topics: [%2$s]}, eventTime: event.ts}
                views:
                  locations:
                    changes:
                      - {from: titles, key: event.key, item: event.appliance, keep: [appliance, path]}
                    publish:
                      files: {path: %3$s}
                      key: event.key
                      item: event.appliance
                      keep: [appliance, path]
                    control: {kafka: {bootstrapServers: "%1$s", topic: %2$s-control}}
                routes:
                  - name: cache
                    from: [locations]
                    project: {version: event.version, locations: event.items}
                    sink: {evcache: {zones: {%4$s: ["%5$s"]}}}
                deadLetters: {kafka: {bootstrapServers: "%1$s", topic: %2$s-dead}}
                """.formatted(broker.bootstrapServers(), TOPIC, publishFile(), ZONE, memcached.address());
        broker.createTopic(TOPIC + "-dead", 1);
        try {
            Files.writeString(spec(), spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there to be read is asked for. */
    void publish() {
        try (TopicRequests requests = requests()) {
            requests.send(RequestJson.of(ViewRequest.all("publish-" + System.nanoTime(), Kind.PUBLISH)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A full publish is there to be read, with other files for half of the titles than before. The version of files is their time. */
    void writePublish(long version) {
        titles.publish(publishFile(), version);
        checkState(publishFile().toFile().setLastModified(version), "the time of a file must be set");
    }

    /** Waits until what a publish says is stored; it looks at some of the titles with other files, which are of all shards. */
    void awaitPublished(long version) {
        IntStream.range(0, titles.number())
                .filter(title -> title % LOOKED_AT_OF == 0 && Titles.isPublishedAnew(title))
                .mapToObj(Titles::key)
                .forEach(key -> Eventually.within(PATIENCE)
                        .until(
                                key + " stored as published",
                                () -> versionOf(get(List.of(key)).get(key)) >= version));
    }

    private static long versionOf(@Nullable Stored stored) {
        return stored == null ? NOT_THERE : requireNonNull(Probe.VERSIONS.of(stored.value()));
    }

    private TopicRequests requests() throws IOException {
        return TopicRequests.open(RequestTopic.of(broker.bootstrapServers(), TOPIC + "-control"));
    }

    /** How many keys a second are flushed, from the first that is told to the last. */
    double flush(double keysPerSecond) {
        ViewRequest request =
                ViewRequest.all("flush-" + System.nanoTime(), Kind.FLUSH).atMost(keysPerSecond);
        try (TopicRequests requests = requests()) {
            requests.send(RequestJson.of(request));
            Set<Integer> done = new HashSet<>();
            long keys = 0;
            long firstNanos = 0;
            while (done.size() < Shards.COUNT) {
                for (byte[] document : requests.read()) {
                    Answer answer = Answer.read(document)
                            .filter(one -> one.request().equals(request.id()))
                            .orElse(null);
                    if (answer == null) {
                        continue;
                    }
                    firstNanos = firstNanos == 0 ? System.nanoTime() : firstNanos;
                    if (answer.isLast() && done.add(answer.shard())) {
                        keys += answer.keys();
                    }
                }
            }
            return keys * 1e9 / (System.nanoTime() - firstNanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many values a second a loop over a client stores, of so many, of the same keys with the same values. */
    double client(int sets) {
        Semaphore room = new Semaphore(IN_FLIGHT);
        AtomicLong failed = new AtomicLong();
        long begun = System.nanoTime();
        for (int number = 0; number < sets; number++) {
            int title = number % titles.number();
            room.acquireUninterruptibly();
            var set = zone.set(Titles.key(title), Probe.bytes(titles.value(title)))
                    .whenComplete((none, failure) -> {
                        room.release();
                        if (failure != null) {
                            failed.incrementAndGet();
                        }
                    });
        }
        room.acquireUninterruptibly(IN_FLIGHT);
        checkState(failed.get() == 0, "every set must succeed, but %s did not", failed);
        return sets * 1e9 / (System.nanoTime() - begun);
    }

    /** Overwrites one of a hundred titles with something that the view has never told; which. */
    Set<Integer> corrupt() {
        Set<Integer> corrupted = new TreeSet<>();
        for (int title = 0; title < titles.number(); title += ONE_OF) {
            zone.set(Titles.key(title), Probe.bytes("corrupted"))
                    .toCompletableFuture()
                    .join();
            corrupted.add(title);
        }
        return corrupted;
    }

    /** {@code view verify --repair}. */
    void repair() {
        jobs.run("view", "verify", "--spec=" + spec(), "--repair", "--rate=" + VERIFY_RATE);
    }

    /** What tells each write of a title from others, by title. */
    long[] writes() {
        long[] writes = new long[titles.number()];
        forEach((title, stored) -> writes[title] = stored == null ? NOT_THERE : stored.token());
        return writes;
    }

    /** Waits until all titles are stored as they must be. */
    void awaitAllRight() {
        Eventually.within(PATIENCE).until("titles stored", () -> wrong().isEmpty());
    }

    /** The titles that are not stored as they must be. */
    List<Integer> wrong() {
        List<Integer> wrong = new ArrayList<>();
        forEach((title, stored) -> {
            if (stored == null || !Arrays.equals(stored.value(), Probe.bytes(titles.value(title)))) {
                wrong.add(title);
            }
        });
        return wrong;
    }

    private void forEach(BiConsumer<Integer, @Nullable Stored> look) {
        for (int first = 0; first < titles.number(); first += KEYS_OF_A_READ) {
            List<Integer> some = IntStream.range(first, Math.min(titles.number(), first + KEYS_OF_A_READ))
                    .boxed()
                    .toList();
            Map<String, Stored> stored = get(some.stream().map(Titles::key).toList());
            some.forEach(title -> look.accept(title, stored.get(Titles.key(title))));
        }
    }

    private Map<String, Stored> get(List<String> keys) {
        try {
            return zone.get(keys).toCompletableFuture().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (Exception e) {
            return Map.of(); // a server that is away has nothing
        }
    }

    @Override
    public void close() {
        cluster.rest().cancelAll();
        zone.close();
    }
}
