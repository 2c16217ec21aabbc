package io.millrace.io.bulkhead;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;

/**
 * Where the events of routes wait whose sinks do not keep up: for each route a queue that outlives the job.
 *
 * <p>A queue has partitions, to each of which an event belongs by the partition of its first origin: so events of one input partition
 * stand in their order. What was retrieved stays until it is {@link Retrieval#release released}.
 */
public interface Parking extends Serializable {

    /**
     * Opens the queues of routes for a task that parks events, and makes those that are missing.
     * Fails, with what the store throws, where it cannot be known what waits in them already.
     */
    ParkingLot open(Collection<String> routes) throws IOException, InterruptedException;

    /** Opens one part of so many of each route's queue, for what delivers it. */
    Retrieval retrieve(Collection<String> routes, int part, int parts);
}
