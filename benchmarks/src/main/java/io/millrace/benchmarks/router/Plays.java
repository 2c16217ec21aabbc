package io.millrace.benchmarks.router;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A route by hand: the document of a result for the document of an event, null for one that the filter drops. One thread. */
interface Plays {
    byte @Nullable [] route(byte[] event) throws IOException;
}
