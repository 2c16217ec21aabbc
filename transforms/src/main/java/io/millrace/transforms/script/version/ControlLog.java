package io.millrace.transforms.script.version;

import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where control records are kept for ever, in one order that never changes.
 *
 * <p>Equal logs are the same log: the tasks of a process share what reads it. A log that can never be used as it is, such as one
 * without one order, is a {@link ControlLogException} wherever it is opened, read or written.
 */
public interface ControlLog extends Serializable {

    /** What the log is called in messages. */
    String name();

    /** Whether the log is there: it is made by a job that reads it, and by the first record. */
    boolean exists() throws IOException;

    /** Begins to read the log at its first record; makes it where it is missing. */
    Reader open() throws IOException;

    /** Begins to write: makes the log where it is missing, connects to it, and checks that it forgets nothing. */
    Writer write() throws IOException;

    /** Says what became of records. */
    void reply(List<ControlReply> replies) throws IOException;

    /** Begins to hear what is said of records from now on. */
    Replies listen() throws IOException;

    /** Writes a record behind those that there are; it is there when this returns. */
    default void append(ControlRecord control) throws IOException {
        try (Writer writer = write()) {
            writer.append(control);
        }
    }

    /**
     * All there is in the log now, in its order; nothing where it is missing, which it is then still.
     *
     * @throws IOException also where the log does not let itself be read to its end
     */
    default List<Entry> history() throws IOException {
        if (!exists()) {
            return List.of();
        }
        try (Reader reader = open()) {
            Read read = reader.read();
            if (!read.complete()) {
                throw new IOException("control log " + name()
                        + " must be read to its end, but something before it is not finished: try again");
            }
            return read.entries();
        }
    }

    /** Reads a log, for one thread. */
    interface Reader extends AutoCloseable {
        /**
         * What has come since the last time, in the log's order. After a failure nothing is missing from what the next call gives.
         */
        Read read() throws IOException;

        @Override
        void close();
    }

    /** Writes to a log, for one thread. */
    interface Writer extends AutoCloseable {
        /**
         * Writes a record behind those that there are; it is there when this returns.
         *
         * @return when it was published, by the clock of the log or of whoever writes it
         */
        Instant append(ControlRecord control) throws IOException;

        @Override
        void close();
    }

    /** Hears what is said of a log's records, for one thread at a time. */
    interface Replies extends AutoCloseable {
        /** What was said since the last time, the oldest first; what is no reply is left out. */
        List<ControlReply> read() throws IOException;

        @Override
        void close();
    }

    /**
     * What was read.
     *
     * @param entries what has come since the last time
     * @param complete whether that is everything, at least, that was published before it was asked for; otherwise there may be more that
     *     cannot be read yet
     */
    record Read(List<Entry> entries, boolean complete) {
        public Read {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What stands in the log.
     *
     * @param text the text of a {@link ControlRecord}, if it is one
     * @param published when it was published, by the clock of the log or of whoever wrote it; null where that is not known
     */
    record Entry(String text, @Nullable Instant published) implements Serializable {}
}
