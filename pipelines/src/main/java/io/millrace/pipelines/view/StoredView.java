package io.millrace.pipelines.view;

import io.millrace.io.view.Versions;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.transforms.expression.EvaluationException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a route has written of a view, in each of the zones that it is stored in. For one thread. */
public final class StoredView implements Closeable {
    private static final int SECONDS_TO_ANSWER = 30;

    private final String route;
    private final RouteValue value;
    private final Versions versions;
    private final Map<String, ViewStore.Zone> zones = new LinkedHashMap<>();

    /**
     * What a route has stored.
     *
     * @param route its name
     * @param value what it makes of a key
     * @param store where it is stored
     */
    public StoredView(String route, RouteValue value, ViewStore store) {
        this.route = route;
        this.value = value;
        this.versions = new Versions(store.versionField());
        store.zones().forEach(zone -> zones.put(zone, store.open(zone)));
    }

    /**
     * A key as a zone has it.
     *
     * @param expected what should be stored; null where the key is removed
     * @param stored what is; null for nothing
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Found(
            String route,
            String zone,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] stored,
            Verdict verdict) {}

    /** Looks keys up in all zones. */
    public List<Found> compare(Collection<Answer.Told> told) throws IOException {
        Map<String, byte @Nullable []> expected = new HashMap<>();
        for (Answer.Told one : told) {
            try {
                expected.put(one.key(), value.of(one));
            } catch (EvaluationException e) {
                throw new IOException(
                        "route " + route + " cannot make a value of key '" + one.key() + "': " + e.getMessage(), e);
            }
        }
        Map<String, CompletionStage<Map<String, Stored>>> asked = new LinkedHashMap<>();
        zones.forEach((name, zone) -> asked.put(name, zone.get(expected.keySet())));
        List<Found> found = new ArrayList<>();
        for (Map.Entry<String, CompletionStage<Map<String, Stored>>> zone : asked.entrySet()) {
            Map<String, Stored> stored = await(zone.getKey(), zone.getValue());
            for (Answer.Told one : told) {
                Stored there = stored.get(one.key());
                byte[] is = there == null ? null : there.value();
                byte[] should = expected.get(one.key());
                Verdict verdict = Verdict.of(one.version(), should, is, versions);
                found.add(new Found(route, zone.getKey(), one.key(), should, is, verdict));
            }
        }
        return found;
    }

    private Map<String, Stored> await(String zone, CompletionStage<Map<String, Stored>> asked) throws IOException {
        try {
            return asked.toCompletableFuture().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while zone " + zone + " was read");
        } catch (ExecutionException e) {
            throw new IOException("zone " + zone + " of route " + route + " cannot be read: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "zone " + zone + " of route " + route + " must answer within " + SECONDS_TO_ANSWER + " s", e);
        }
    }

    @Override
    public void close() {
        zones.values().forEach(ViewStore.Zone::close);
    }
}
