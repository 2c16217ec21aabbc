package io.millrace.io.sink;

import java.io.IOException;

/**
 * What a restatement has made of a route's events, in a shadow of the route's sink, against what the sink holds of them.
 *
 * <p><i>Guarantee</i>: what the shadow has counts where it may have come of what was restated, {@link Replayed#mayHaveMade}; what only the sink has, where it has come of that, {@link Replayed#hasMade}. Nothing
 * else is compared, or changed. What is published counts as written in the run's epoch, so that it takes the
 * place of what lower epochs have written, and of nothing that a higher one has. It may be compared and published again at any time: what is published does not differ any more.
 *
 * <p><i>Fails</i>: where the sink or its shadow does not answer, or refuses something.
 */
public interface Corrections {

    /** Makes the shadow ready to be written to, where that does not come of itself. */
    default void prepare() throws IOException {}

    /** Finds what differs, for events that were restated. */
    void find(Replayed restated, Differences found) throws IOException;

    /** Puts what differs into the sink, as far as {@link #find} does not say that it stays. */
    void publish(Replayed restated, Differences found) throws IOException;
}
