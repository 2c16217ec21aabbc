package io.millrace.io.objects;

import io.millrace.io.objects.ArchivedRecord.Place;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a stream in an archive, read in the order of offsets, each once, of whichever runs have them. One object is open at a time.
 *
 * <p>A record is given where its line says that it is the next one: that its reader came from where this one stands. So nothing is passed
 * over, whatever manifests say. For one thread.
 */
public final class ArchivedPartition implements Closeable {
    private final Archive archive;
    private final String stream;
    private final int partition;
    private @Nullable List<ArchivedRun> runs;
    private @Nullable OpenObject open;

    ArchivedPartition(Archive archive, String stream, int partition) {
        this.archive = archive;
        this.stream = stream;
        this.partition = partition;
    }

    /**
     * The records from an offset on, as many as there are, but no more than so many and about so many bytes; none where the archive does not have
     * what comes next.
     *
     * @throws IOException if the archive cannot be read, or an object lacks what it should have; it may be tried again
     */
    public List<ArchivedRecord> read(long from, int maxRecords, long maxBytes) throws IOException {
        List<ArchivedRecord> records = new ArrayList<>();
        long bytes = 0;
        long next = from;
        try {
            while (records.size() < maxRecords && bytes < maxBytes) {
                ArchivedRecord record = at(next);
                if (record == null) {
                    break;
                }
                records.add(record);
                bytes += record.size();
                next = record.offset() + 1;
            }
        } catch (IOException | RuntimeException e) {
            close();
            runs = null;
            throw e;
        }
        return records;
    }

    private @Nullable ArchivedRecord at(long next) throws IOException {
        ArchivedRecord record = open == null ? null : open.at(next);
        if (record == null) {
            record = found(next, false);
        }
        return record == null ? found(next, true) : record;
    }

    /**
     * The record that is next, out of any run that has it, of those that were there before or that are there now.
     *
     * @throws IOException if there are runs now that say that they have it, and none gives it
     */
    private @Nullable ArchivedRecord found(long next, boolean now) throws IOException {
        if (runs == null || now) {
            runs = archive.runs();
        }
        IOException lacks = null;
        for (ArchivedRun run : runs) {
            OptionalLong number = run.has(stream, partition, next)
                    ? run.objectWith(stream, partition, next, guess(run))
                    : OptionalLong.empty();
            if (number.isPresent()) {
                try {
                    return in(run, number.getAsLong(), next);
                } catch (IOException e) {
                    lacks = e; // another run may have it too
                }
            }
        }
        if (lacks != null && now) {
            throw lacks;
        }
        return null;
    }

    private ArchivedRecord in(ArchivedRun run, long number, long next) throws IOException {
        close();
        OpenObject opened = new OpenObject(run, number);
        open = opened;
        ArchivedRecord record = opened.at(next);
        if (record == null) {
            throw new IOException("archive " + archive + " must have offset " + next + " of partition " + partition
                    + " of " + stream + " in " + opened + ", as a manifest says, but has not");
        }
        return record;
    }

    private long guess(ArchivedRun run) {
        return open != null
                        && open.run.manifest().object().equals(run.manifest().object())
                ? open.number + 1
                : 0;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            OpenObject closing = open;
            open = null;
            closing.lines.close();
        }
    }

    /** An object, and the line of this partition that is next in it. */
    private final class OpenObject {
        private final ArchivedRun run;
        private final long number;
        private final ObjectLines lines;
        private @Nullable ArchivedRecord ahead;

        OpenObject(ArchivedRun run, long number) throws IOException {
            this.run = run;
            this.number = number;
            this.lines = archive.open(run.object(number));
        }

        /** The record that is next from an offset on; null where it is not in what is left of the object. */
        @Nullable ArchivedRecord at(long next) throws IOException {
            while (ahead == null || ahead.offset() < next) {
                ahead = read(next);
                if (ahead == null) {
                    return null;
                }
            }
            return ahead.from() <= next ? ahead : null;
        }

        private @Nullable ArchivedRecord read(long next) throws IOException {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                Place place = Place.of(line, 0, line.length);
                if (place.isOf(stream, partition) && place.offset() >= next) {
                    return ArchivedRecord.parse(line);
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return run.object(number);
        }
    }
}
