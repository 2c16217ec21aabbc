package io.millrace.io.view;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.state.MapState;
import org.jspecify.annotations.Nullable;

/** Writes what a zone is owed, in batches, each key only where nothing newer is there; up to so much that others get their turn. */
final class Settlement {
    private static final int BATCH = 300;
    private static final int MOST_AT_ONCE = 3_000;

    private final ViewStore.@Nullable Zone zone;
    private final MapState<OwedKey, Owed> owed;
    private final MapState<OwedKey, Boolean> settledKeys;
    private final Versions versions;
    private final OwedMetrics metrics;
    private final BiConsumer<Owed, RefusedException> refused;
    private int settled;
    private int left;
    private boolean failed;
    private String trouble = "its servers are away";

    /**
     * @param zone the zone; null where it is no longer one of the store, and is owed nothing
     * @param settledKeys where the keys are noted that were settled
     * @param refused is told what the zone takes never
     */
    Settlement(
            ViewStore.@Nullable Zone zone,
            MapState<OwedKey, Owed> owed,
            MapState<OwedKey, Boolean> settledKeys,
            Versions versions,
            OwedMetrics metrics,
            BiConsumer<Owed, RefusedException> refused) {
        this.zone = zone;
        this.owed = owed;
        this.settledKeys = settledKeys;
        this.versions = versions;
        this.metrics = metrics;
        this.refused = refused;
    }

    void settle() throws InterruptedException {
        List<OwedKey> keys = new ArrayList<>();
        owed.keys().read().forEach(keys::add);
        left = keys.size();
        List<OwedKey> batch = new ArrayList<>();
        for (OwedKey key : keys) {
            if (zone == null) {
                remove(key);
            } else if (settled + batch.size() < MOST_AT_ONCE && !isAway(zone, key)) {
                batch.add(key);
                if (batch.size() == BATCH) {
                    write(zone, batch);
                    batch.clear();
                }
            }
        }
        if (zone != null) {
            write(zone, batch);
        }
    }

    private boolean isAway(ViewStore.Zone zone, OwedKey key) {
        boolean away = zone.isAway(key.text());
        failed = failed || away;
        return away;
    }

    private void write(ViewStore.Zone zone, List<OwedKey> batch) throws InterruptedException {
        Map<OwedKey, CompletableFuture<Void>> writes = new LinkedHashMap<>();
        Map<OwedKey, Owed> values = new LinkedHashMap<>();
        for (OwedKey key : batch) {
            Owed one = owed.get(key).read();
            if (one != null) {
                values.put(key, one);
                writes.put(
                        key,
                        CarefulWrite.byVersion(zone, key.text(), one.event().value(), one.version(), versions));
            }
        }
        for (Map.Entry<OwedKey, CompletableFuture<Void>> write : writes.entrySet()) {
            try {
                Sending.await(write.getValue());
                remove(write.getKey());
            } catch (RefusedException e) {
                refused.accept(requireNonNull(values.get(write.getKey())), e);
                remove(write.getKey());
            } catch (IOException e) {
                failed = true;
                trouble = String.valueOf(e.getMessage());
            }
        }
    }

    private void remove(OwedKey key) {
        owed.remove(key);
        settledKeys.put(key, true);
        metrics.countSettled();
        settled++;
        left--;
    }

    /** How many keys were settled. */
    int settled() {
        return settled;
    }

    /** How many keys are still owed. */
    int left() {
        return left;
    }

    boolean isComplete() {
        return left == 0;
    }

    /** Whether the zone took all that it was given, and more is left. */
    boolean canGoOn() {
        return left > 0 && !failed;
    }

    /** What failed last. */
    String trouble() {
        return trouble;
    }
}
