package io.millrace.transforms.joiner;

import com.google.common.hash.Hashing;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
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

    /** Identities up to so many bytes are kept as they are. */
    private static final int SHORT = 15;

    /** What is kept of an element. */
    Entry entry(InputT element, long time) {
        return Entry.of(side, time, bytes(identity(element)), reduced.kept(element));
    }

    /** What it has in common with its duplicates; empty where there is no such thing. */
    String identity(InputT element) {
        return id == null ? "" : id.apply(element);
    }

    /** A long identity is its 128 bits of MurmurHash3. */
    private static byte[] bytes(String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        return text.length <= SHORT
                ? text
                : Hashing.murmur3_128().hashBytes(text).asBytes();
    }
}
