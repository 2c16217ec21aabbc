package io.millrace.pipelines.view;

import static java.util.Objects.requireNonNull;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.view.Versions;
import io.millrace.io.view.ViewStore;
import io.millrace.io.view.ViewStore.Stored;
import io.millrace.transforms.event.DeadLetter.Reason;
import io.millrace.transforms.expression.EvaluationException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
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
    private final ViewStore store;
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
        this.store = store;
        this.versions = new Versions(store.versionField());
        store.zones().forEach(zone -> zones.put(zone, store.open(zone)));
    }

    /**
     * A key as a zone has it.
     *
     * @param stored what is stored; null for nothing, or where it is not known
     * @param isPending whether the view has changed it, and is still to tell the route
     * @param problem why it is refused, not known, or foreign though it looks right; null where there is nothing to say
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    public record Found(
            String route,
            String zone,
            String key,
            byte @Nullable [] stored,
            Verdict verdict,
            boolean isPending,
            @Nullable String problem) {}

    /** What should be stored of a key; null where it is removed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Expected(Answer.Told told, byte @Nullable [] value) {}

    /** Looks keys up in all zones; those of a zone that cannot be read are not known. */
    public List<Found> compare(Collection<Answer.Told> told) throws InterruptedIOException {
        List<Found> found = new ArrayList<>();
        Map<String, Expected> expected = new LinkedHashMap<>();
        for (Answer.Told one : told) {
            try {
                expected.put(one.key(), new Expected(one, expected(one)));
            } catch (RefusedException e) {
                zones.keySet().forEach(zone -> found.add(refused(zone, one, e.getMessage())));
            }
        }
        if (!expected.isEmpty()) {
            Map<String, CompletionStage<Map<String, Stored>>> asked = new LinkedHashMap<>();
            zones.forEach((name, zone) -> asked.put(name, zone.get(expected.keySet())));
            for (Map.Entry<String, CompletionStage<Map<String, Stored>>> zone : asked.entrySet()) {
                found.addAll(found(zone.getKey(), expected, zone.getValue()));
            }
        }
        return found;
    }

    /** Whether a key can be stored. */
    public boolean canHave(String key) {
        return store.keyProblem(key) == null;
    }

    /**
     * What is stored of keys in each zone now.
     *
     * @throws IOException if a zone cannot be read
     */
    public Map<String, Map<String, Stored>> see(Collection<String> keys) throws IOException {
        List<String> stored = keys.stream().filter(this::canHave).toList();
        Map<String, Map<String, Stored>> seen = new LinkedHashMap<>();
        for (Map.Entry<String, ViewStore.Zone> zone : zones.entrySet()) {
            seen.put(zone.getKey(), await(zone.getKey(), zone.getValue().get(stored)));
        }
        return seen;
    }

    /**
     * Deletes what was seen of a key in each zone; whether nothing has come in its place meanwhile.
     *
     * @throws IOException if a zone does not do it
     */
    public boolean delete(String key, Map<String, Map<String, Stored>> seen) throws IOException {
        boolean all = true;
        for (Map.Entry<String, ViewStore.Zone> zone : zones.entrySet()) {
            Stored stored = seen.getOrDefault(zone.getKey(), Map.of()).get(key);
            if (stored != null) {
                all &= await(zone.getKey(), zone.getValue().delete(key, stored));
            }
        }
        return all;
    }

    /** What should be stored of a key; null where it is removed. */
    private byte @Nullable [] expected(Answer.Told told) throws RefusedException {
        String problem = store.keyProblem(told.key());
        if (problem != null) {
            throw new RefusedException(Reason.REFUSED, "its key " + problem);
        }
        if (told.isTooLarge()) {
            throw new RefusedException(
                    Reason.TOO_LARGE, "its document is too large to be told by the control's replies");
        }
        byte[] expected;
        try {
            expected = value.of(told);
        } catch (EvaluationException e) {
            throw new RefusedException(Reason.PROJECTION_FAILED, "the route's projection fails: " + e.getMessage());
        }
        if (expected != null && expected.length > store.maxValueBytes()) {
            throw new RefusedException(
                    Reason.TOO_LARGE,
                    "its value has %,d bytes, and at most %,d are stored"
                            .formatted(expected.length, store.maxValueBytes()));
        }
        return expected;
    }

    private Found refused(String zone, Answer.Told told, @Nullable String problem) {
        return new Found(route, zone, told.key(), null, Verdict.REFUSED, told.isPending(), problem);
    }

    private List<Found> found(String zone, Map<String, Expected> expected, CompletionStage<Map<String, Stored>> asked)
            throws InterruptedIOException {
        try {
            Map<String, Stored> stored = await(zone, asked);
            return expected.values().stream()
                    .map(one -> found(zone, one, stored.get(one.told().key())))
                    .toList();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return expected.values().stream()
                    .map(one -> unread(zone, one.told(), String.valueOf(e.getMessage())))
                    .toList();
        }
    }

    private Found unread(String zone, Answer.Told told, String problem) {
        return new Found(route, zone, told.key(), null, Verdict.UNREAD, told.isPending(), problem);
    }

    private Found found(String zone, Expected expected, @Nullable Stored stored) {
        Answer.Told told = expected.told();
        Verdict verdict = Verdict.of(told.version(), expected.value(), stored, versions);
        String problem = stored == null || stored.isPlain()
                ? null
                : "its flags in memcached are not 0, so readers do not take it for a text";
        return new Found(
                route, zone, told.key(), stored == null ? null : stored.value(), verdict, told.isPending(), problem);
    }

    private <T> T await(String zone, CompletionStage<T> asked) throws IOException {
        String name = "zone " + zone + " of route " + route;
        try {
            return asked.toCompletableFuture().get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + name + " was asked");
        } catch (ExecutionException e) {
            throw new IOException(
                    name + " cannot be asked: " + requireNonNull(e.getCause()).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(name + " must answer within " + SECONDS_TO_ANSWER + " s", e);
        }
    }

    @Override
    public void close() {
        zones.values().forEach(ViewStore.Zone::close);
    }
}
