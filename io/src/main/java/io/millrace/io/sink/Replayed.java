package io.millrace.io.sink;

import io.millrace.io.source.OffsetRange;
import java.util.Optional;

/** What a job that was taken back has read again. */
public interface Replayed {

    /** The offsets of a partition of a stream, as an {@link io.millrace.transforms.event.Origin} names it; nothing where none was read again. */
    Optional<OffsetRange> of(String stream, int partition);
}
