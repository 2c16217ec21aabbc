package io.millrace.transforms.joiner;

import io.millrace.transforms.shard.KeyBytes;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;

/**
 * Where what leaves a join goes to.
 *
 * @param key the coder of keys
 * @param tags the outputs
 * @param metrics what is counted
 * @param traced of which keys a trace is kept
 * @param clock says when something came of those
 */
record Outlets<KeyT, LeftT, RightT, LeftOutT, RightOutT>(
        Coder<KeyT> key,
        JoinTags<KeyT, LeftT, RightT, LeftOutT, RightOutT> tags,
        JoinMetrics metrics,
        TracedKeys traced,
        Clock clock)
        implements Serializable {

    KeyT decoded(KeyBytes bytes) {
        try {
            return CoderUtils.decodeFromByteArray(key, bytes.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("a key must be readable", e);
        }
    }
}
