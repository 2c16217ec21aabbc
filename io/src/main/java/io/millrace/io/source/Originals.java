package io.millrace.io.source;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/** A source that is asked again for single events, by their origins. */
public interface Originals extends Serializable {

    /** Opens what it takes to ask, on the worker that asks. */
    Reader open();

    /** Asks for one event after the other. For one thread. */
    interface Reader extends Closeable {

        /** Whether the origin can be of this source. */
        boolean has(Origin origin);

        /**
         * The event at an origin as it was read, with its key and headers; nothing if the source does not have it any more.
         *
         * @throws IllegalArgumentException if the origin is not of this source
         * @throws IOException if the source does not answer
         */
        Optional<Event> event(Origin origin) throws IOException;
    }
}
