package io.millrace.io.view;

import static io.millrace.testfixtures.Eventually.waitUntil;

import java.util.stream.IntStream;

/** Zones that are there: the first client of a JVM may take longer to connect than a zone waits for it, and is away until then. */
public final class ReadyZones {
    private ReadyZones() {}

    /** The zone, when each of its servers is there. */
    public static ViewStore.Zone awaited(ViewStore.Zone zone) {
        waitUntil(
                "all servers of the zone",
                () -> IntStream.range(0, 100).noneMatch(number -> zone.isAway("key-" + number)));
        return zone;
    }

    /** Opens the zones that steps of this JVM share, and holds them open. */
    static AutoCloseable shared(ViewStore store) {
        SharedZones.open(store).values().forEach(ReadyZones::awaited);
        return () -> SharedZones.close(store);
    }
}
