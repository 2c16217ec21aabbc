package io.millrace.io.view;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends one writer's changes to one zone, those of a key in their order, and keeps the last of each key that the zone did not take and that cannot
 * be owed to it. For one thread.
 */
final class ZoneWriter {
    private final String name;
    private final ViewStore.Zone zone;
    private final Versions versions;
    private final Map<String, Sending> underWay = new HashMap<>();
    private final Map<String, Change> waiting = new LinkedHashMap<>();
    private String trouble = "";

    ZoneWriter(String name, ViewStore.Zone zone, Versions versions) {
        this.name = name;
        this.zone = zone;
        this.versions = versions;
    }

    String name() {
        return name;
    }

    /** Sends a change; whatever of its key waits is no longer wanted. */
    Sending send(Change change, boolean guarded) {
        if (!waiting.isEmpty()) {
            waiting.remove(change.key());
        }
        Long version = guarded || change.guard() == Guard.VERSION ? change.comparable() : null;
        boolean inSteps = version != null || change.guard() == Guard.REPLACE;
        Sending before = underWay.get(change.key());
        Sending sending = before != null && before.holdsUpOthers()
                ? new Sending(change, before.ended().thenCompose(nothing -> write(change, version)), true)
                : new Sending(change, write(change, version), inSteps);
        underWay.put(change.key(), sending);
        return sending;
    }

    private CompletableFuture<Void> write(Change change, @Nullable Long version) {
        byte[] value = change.value();
        if (change.guard() == Guard.REPLACE) {
            return CarefulWrite.replacing(zone, change.key(), value);
        }
        if (version != null) {
            return CarefulWrite.byVersion(zone, change.key(), value, version, versions);
        }
        return (value == null ? zone.delete(change.key()) : zone.set(change.key(), value)).toCompletableFuture();
    }

    /** A sending has ended; whether no later one of its key was sent. */
    boolean ended(Sending sending) {
        return underWay.remove(sending.change().key(), sending);
    }

    /** The zone did not take a change, the last of its key, which has to wait for it. */
    void keep(Change change, IOException failure) {
        waiting.put(change.key(), change);
        trouble = "zone " + name + ": " + failure.getMessage();
    }

    /** What waits. */
    List<Change> waiting() {
        return List.copyOf(waiting.values());
    }

    /** Why it waits. */
    String trouble() {
        return trouble;
    }

    /** Begins anew, with nothing under way. */
    void clear() {
        underWay.clear();
        waiting.clear();
    }
}
