package io.millrace.io.bulkhead;

import io.millrace.io.sink.TimedEvent;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A part of the queues of routes, as the task sees it that delivers what waits there. */
public interface Retrieval extends Closeable {

    /** The routes that have something in this part that is not released. */
    Set<String> routes() throws IOException, InterruptedException;

    /** Opens a route's queue where it was last released; those who park hear of it. */
    Queue queue(String route) throws IOException;

    /** One route's events, in their order. For one thread, except {@link #release}. */
    interface Queue extends Closeable {

        /** The next events, and where they stand; none if none came within a moment. */
        Parked next() throws IOException, InterruptedException;

        /** Says that events were delivered: those who park hear of it. */
        void delivered(Parked parked);

        /**
         * Says, on any thread, that events need not be kept any longer: where the job begins anew, the queue begins behind them.
         *
         * @param ends behind them, for each partition
         */
        void release(Map<Integer, Long> ends);

        /** Whether all that it has given is released. */
        boolean isReleased();
    }

    /**
     * Events that waited.
     *
     * @param events in the order in which they are delivered
     * @param ends behind them, for each partition
     */
    record Parked(List<TimedEvent> events, Map<Integer, Long> ends) {
        public Parked {
            events = List.copyOf(events);
            ends = Map.copyOf(ends);
        }
    }
}
