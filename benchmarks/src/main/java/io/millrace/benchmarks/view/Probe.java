package io.millrace.benchmarks.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.benchmarks.race.Latency;
import io.millrace.io.view.Versions;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks into a zone for some of the changes until they are there, fifty times a second, and counts how long that took. */
final class Probe implements AutoCloseable {
    static final Versions VERSIONS = new Versions("version");

    private static final int MILLIS_BETWEEN_LOOKS = 20;
    private static final int SECONDS_TO_ANSWER = 30;

    private record Awaited(String key, long version, long sentNanos) {}

    private final ViewStore.Zone zone;
    private final ConcurrentLinkedQueue<Awaited> sent = new ConcurrentLinkedQueue<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final Latency latency = new Latency();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    Probe(ViewStore.Zone zone) {
        this.zone = zone;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // one that stops is seen by its count
    void start() {
        thread.scheduleWithFixedDelay(this::look, 0, MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
    }

    /** A change was sent now. */
    void await(String key, long version) {
        sent.add(new Awaited(key, version, System.nanoTime()));
    }

    private synchronized void look() {
        for (Awaited one = sent.poll(); one != null; one = sent.poll()) {
            awaited.add(one);
        }
        Map<String, Long> versions =
                versions(awaited.stream().map(Awaited::key).distinct().toList());
        long now = System.nanoTime();
        awaited.removeIf(one -> {
            boolean isThere = versions.getOrDefault(one.key(), Long.MIN_VALUE) >= one.version();
            if (isThere) {
                latency.add(TimeUnit.NANOSECONDS.toMillis(now - one.sentNanos()));
            }
            return isThere;
        });
    }

    private Map<String, Long> versions(List<String> keys) {
        Map<String, Long> versions = new HashMap<>();
        if (keys.isEmpty()) {
            return versions;
        }
        try {
            Map<String, Stored> stored = zone.get(keys).toCompletableFuture().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
            stored.forEach((key, one) -> {
                Long version = VERSIONS.of(one.value());
                if (version != null) {
                    versions.put(key, version);
                }
            });
        } catch (Exception e) {
            return versions; // they are looked for again
        }
        return versions;
    }

    /** The latencies so far, in milliseconds; they begin anew. */
    synchronized int percentileAndClear(double share) {
        int millis = latency.percentile(share);
        latency.clear();
        return millis;
    }

    synchronized long count() {
        return latency.count();
    }

    synchronized int waiting() {
        return awaited.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
