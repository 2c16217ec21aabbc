package io.millrace.io.view;

import io.millrace.io.view.ViewStore.Stored;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a zone after having seen what is there: in place of that and of nothing else, and once more from the beginning where it has
 * changed meanwhile.
 */
final class CarefulWrite {
    private static final int MOST_TIMES = 100;

    private final ViewStore.Zone zone;
    private final String key;
    private final byte @Nullable [] value;
    private final Predicate<Stored> stays;

    private CarefulWrite(ViewStore.Zone zone, String key, byte @Nullable [] value, Predicate<Stored> stays) {
        this.zone = zone;
        this.key = key;
        this.value = value;
        this.stays = stays;
    }

    /** Writes a value, or deletes what is there, unless that has a higher version. What has none, or is not plain, is as old as can be. */
    static CompletableFuture<Void> byVersion(
            ViewStore.Zone zone, String key, byte @Nullable [] value, long version, Versions versions) {
        return new CarefulWrite(zone, key, value, stored -> isNewer(stored, version, versions)).attempt(1);
    }

    /** Writes a value in place of what is there, or deletes that, unless it is the same. */
    static CompletableFuture<Void> replacing(ViewStore.Zone zone, String key, byte @Nullable [] value) {
        return new CarefulWrite(zone, key, value, stored -> stored.isPlain() && Arrays.equals(stored.value(), value))
                .attempt(1);
    }

    private static boolean isNewer(Stored stored, long version, Versions versions) {
        Long of = stored.isPlain() ? versions.of(stored.value()) : null;
        return of != null && of > version;
    }

    private CompletableFuture<Void> attempt(int time) {
        if (time > MOST_TIMES) {
            return CompletableFuture.failedFuture(
                    new IOException("key '" + key + "' changed " + MOST_TIMES + " times while it was to be written"));
        }
        return zone.get(List.of(key))
                .toCompletableFuture()
                .thenCompose(found -> write(found.get(key)))
                .thenCompose(isDone -> isDone ? CompletableFuture.completedFuture(null) : attempt(time + 1));
    }

    private CompletableFuture<Boolean> write(@Nullable Stored seen) {
        if (seen == null) {
            return value == null
                    ? CompletableFuture.completedFuture(true)
                    : zone.add(key, value).toCompletableFuture();
        }
        if (stays.test(seen)) {
            return CompletableFuture.completedFuture(true);
        }
        return (value == null ? zone.delete(key, seen) : zone.replace(key, seen, value)).toCompletableFuture();
    }
}
