package io.millrace.io.view;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Holds no view, with the zones and rules of a store that does: each zone is empty, and takes everything.
 *
 * @param of the store
 */
record NoStore(ViewStore of) implements ViewStore {

    @Override
    public String name() {
        return of.name();
    }

    @Override
    public List<String> zones() {
        return of.zones();
    }

    @Override
    public @Nullable String keyProblem(String key) {
        return of.keyProblem(key);
    }

    @Override
    public int maxValueBytes() {
        return of.maxValueBytes();
    }

    @Override
    public String versionField() {
        return of.versionField();
    }

    @Override
    public Zone open(String zone) {
        return NoZone.INSTANCE;
    }

    private enum NoZone implements Zone {
        INSTANCE;

        @Override
        public boolean isAway(String key) {
            return false;
        }

        @Override
        public CompletionStage<Void> set(String key, byte[] value) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> delete(String key) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Map<String, Stored>> get(Collection<String> keys) {
            return CompletableFuture.completedStage(Map.of());
        }

        @Override
        public CompletionStage<Boolean> replace(String key, Stored seen, byte[] value) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public CompletionStage<Boolean> add(String key, byte[] value) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public CompletionStage<Boolean> delete(String key, Stored seen) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public void close() {}
    }
}
