package io.millrace.io.bulkhead;

import io.millrace.io.sink.RefusedException;
import io.millrace.io.sink.TimedEvent;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** The queues of a task's routes, as the task sees them that parks events there. For one thread. */
public interface ParkingLot extends Closeable {

    /**
     * Parks an event behind all others of its route.
     *
     * @throws RefusedException if it is too large to wait
     */
    void park(String route, TimedEvent event) throws RefusedException, IOException, InterruptedException;

    /** Returns when all that was parked is kept safe. */
    void flush() throws IOException, InterruptedException;

    /**
     * How many events wait at most that came before now: those that were parked here, or found at opening, and are not known to be
     * delivered. It may lag behind by a moment.
     */
    long waiting(String route);

    /** A number that grows with every event of the route that is known to be delivered. */
    long delivered(String route);

    /** Waits until nothing {@link #waiting waits}, and says whether that came to be in time. */
    boolean awaitNoneWaiting(String route, Duration atMost) throws InterruptedException;
}
