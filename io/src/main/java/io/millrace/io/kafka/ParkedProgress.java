package io.millrace.io.kafka;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a partition is delivered in which events wait, as it is committed: the offset is {@code released}, the rest is metadata.
 *
 * @param released where a queue begins that is opened: before it, everything is delivered, and it is committed what became of it
 * @param session a name that a queue takes anew when it is opened and every ten seconds after, by which one is known that lives
 * @param delivered up to which offset it has delivered
 */
record ParkedProgress(long released, String session, long delivered) {

    static ParkedProgress of(OffsetAndMetadata commit) {
        String[] parts = commit.metadata().split(":", -1);
        return parts.length == 2 && parts[1].matches("[0-9]{1,18}")
                ? new ParkedProgress(commit.offset(), parts[0], Long.parseLong(parts[1]))
                : new ParkedProgress(commit.offset(), "", commit.offset());
    }

    OffsetAndMetadata commit() {
        return new OffsetAndMetadata(released, session + ":" + delivered);
    }
}
