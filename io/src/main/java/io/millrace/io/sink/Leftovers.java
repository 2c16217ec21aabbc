package io.millrace.io.sink;

import java.io.IOException;

/**
 * What lower epochs have left in a sink of a route: results of events that a job which was taken back has read again, and of which it has not made these results again.
 *
 * <p><i>Guarantee</i>: what the job's own epoch has written stays, also what it writes meanwhile; so does what came of other events. It may be done again at any time.
 */
public interface Leftovers {

    /**
     * Removes them.
     *
     * @param replayed what the job has read again
     * @throws IOException if the sink does not answer, or refuses it
     */
    Removed remove(Replayed replayed) throws IOException;

    /**
     * What came of it.
     *
     * @param removed how many documents or objects were removed
     * @param kept how many may have such results in them, and stay, since they have others too
     */
    record Removed(long removed, long kept) {}
}
