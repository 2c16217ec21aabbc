package io.millrace.io.sink;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * A sink's client, which writes a route's events on a thread of its own: so it may wait for the sink, and the pipeline does not.
 *
 * <p>For one thread at a time. A thread that waits in it ends when it is interrupted.
 */
public interface EventWriter extends Closeable {

    /**
     * Writes events in their order, and returns when the sink has taken or refused each; those that it refused, by their position.
     * Waiting as long as it takes is right: nobody else is held up.
     *
     * @throws IOException if the sink takes none of them now; they are written again later, in whole
     */
    Map<Integer, RefusedException> write(List<TimedEvent> events) throws IOException, InterruptedException;

    /** Opens writers, where they are needed. */
    interface Factory extends Serializable {

        /** Opens a writer; asking the sink first may wait, too. */
        EventWriter open() throws IOException, InterruptedException;

        /** Whether there is no sink: events are delivered as soon as they come, and a writer is not needed. */
        default boolean isNowhere() {
            return false;
        }
    }
}
