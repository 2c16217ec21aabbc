package io.millrace.transforms.joiner;

import java.io.Serializable;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * One of the two inputs.
 *
 * @param side which
 * @param id what an element has in common with its duplicates; null where they are not to be known
 * @param reduced how it is kept
 * @param coder of elements
 */
record Input<InputT, OutputT>(
        Side side,
        @Nullable SerializableFunction<InputT, String> id,
        Reduced<InputT, ?, OutputT> reduced,
        Coder<InputT> coder)
        implements Serializable {

    /** What is kept of an element. */
    Entry entry(InputT element, long time) {
        return Entry.of(side, time, JoinIdentity.bytes(identity(element)), reduced.kept(element));
    }

    /** What it has in common with its duplicates; empty where there is no such thing. */
    String identity(InputT element) {
        return id == null ? "" : id.apply(element);
    }
}
