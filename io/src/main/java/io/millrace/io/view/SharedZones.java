package io.millrace.io.view;

import io.millrace.io.sink.Lease;
import io.millrace.transforms.event.SharedInProcess;
import java.util.LinkedHashMap;
import java.util.Map;

/** The zones of a store, which tasks of a process share: one connection to each server, and one opinion whether it is away. */
final class SharedZones {
    private static final SharedInProcess<ViewStore, Map<String, ViewStore.Zone>> OPEN = new SharedInProcess<>();

    private SharedZones() {}

    /** Joins those who share a store's zones, by their names in the store's order; each leaves them by {@link #close}. */
    static Map<String, ViewStore.Zone> open(ViewStore store) {
        return OPEN.open(store, () -> zones(store));
    }

    /** The same, for a task that changes nothing in them without its lease. */
    static Map<String, ViewStore.Zone> open(ViewStore store, Lease lease) {
        Map<String, ViewStore.Zone> leased = new LinkedHashMap<>();
        open(store).forEach((name, zone) -> leased.put(name, new LeasedZone(zone, lease::check)));
        return leased;
    }

    static void close(ViewStore store) {
        OPEN.close(store, zones -> zones.values().forEach(ViewStore.Zone::close));
    }

    private static Map<String, ViewStore.Zone> zones(ViewStore store) {
        Map<String, ViewStore.Zone> zones = new LinkedHashMap<>();
        try {
            store.zones().forEach(zone -> zones.put(zone, store.open(zone)));
            return zones;
        } catch (RuntimeException e) {
            zones.values().forEach(ViewStore.Zone::close);
            throw e;
        }
    }
}
