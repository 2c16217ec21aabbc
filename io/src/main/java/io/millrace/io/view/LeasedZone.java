package io.millrace.io.view;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A zone of a task with a lease, which is asked before each step that changes something: also before those that follow upon what was seen, which may be after the process stood still.
 *
 * <p>What that throws is thrown at once, and so ends the stage in whose step it is thrown.
 */
final class LeasedZone implements ViewStore.Zone {
    private final ViewStore.Zone zone;
    private final Runnable lease;

    /**
     * A zone of a task.
     *
     * @param lease {@link io.millrace.io.sink.Lease#check()}
     */
    LeasedZone(ViewStore.Zone zone, Runnable lease) {
        this.zone = zone;
        this.lease = lease;
    }

    @Override
    public boolean isAway(String key) {
        return zone.isAway(key);
    }

    @Override
    public CompletionStage<Void> set(String key, byte[] value) {
        lease.run();
        return zone.set(key, value);
    }

    @Override
    public CompletionStage<Void> delete(String key) {
        lease.run();
        return zone.delete(key);
    }

    @Override
    public CompletionStage<Map<String, ViewStore.Stored>> get(Collection<String> keys) {
        return zone.get(keys);
    }

    @Override
    public CompletionStage<Boolean> replace(String key, ViewStore.Stored seen, byte[] value) {
        lease.run();
        return zone.replace(key, seen, value);
    }

    @Override
    public CompletionStage<Boolean> add(String key, byte[] value) {
        lease.run();
        return zone.add(key, value);
    }

    @Override
    public CompletionStage<Boolean> delete(String key, ViewStore.Stored seen) {
        lease.run();
        return zone.delete(key, seen);
    }

    @Override
    public void close() {
        zone.close();
    }
}
