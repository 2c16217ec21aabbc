package io.millrace.transforms.event;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Where an event was read: the stream, its partition, and the position within it.
 *
 * <p>For Kafka the stream is {@code <cluster>/<topic>}, followed by {@code @<generation>} unless that is 0. For files it is the
 * path relative to the folder that is read, the partition is 0, and the offset is the byte position of the line in the
 * uncompressed text.
 *
 * @param stream what was read; not empty
 * @param partition its partition, from 0
 * @param offset the position within the partition, from 0
 */
public record Origin(String stream, int partition, long offset) {

    public Origin {
        checkArgument(!stream.isEmpty(), "stream must not be empty");
        checkArgument(partition >= 0, "partition must be at least 0, but was %s", partition);
        checkArgument(offset >= 0, "offset must be at least 0, but was %s", offset);
    }
}
