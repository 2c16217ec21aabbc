package io.millrace.io.files;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The lines of all files that a path stands for, in ranges of a few megabytes, since a runner may hold a range's events at once.
 *
 * <p>Where Flink streams, its readers do not wait until a source is split: one that is being split still is passed over. So for Flink the
 * ranges are {@linkplain #found found} before.
 */
final class FilesSource extends BoundedSource<Event> {
    private static final long serialVersionUID = 1;
    private static final long MAX_RANGE_BYTES = 4L << 20;

    private final String path;
    private final String streamPrefix;
    private final boolean mayBeNone;
    private final @Nullable Ranges found;

    FilesSource(FileSource source) {
        this(source, false);
    }

    /** The lines of files, of which there may be none. */
    FilesSource(FileSource source, boolean mayBeNone) {
        this(Paths.withoutFileScheme(source.path()), source.prefix(), mayBeNone, null);
    }

    private FilesSource(String path, String streamPrefix, boolean mayBeNone, @Nullable Ranges found) {
        this.path = path;
        this.streamPrefix = streamPrefix;
        this.mayBeNone = mayBeNone;
        this.found = found;
    }

    /** Ranges, and how many bytes they have together. */
    private record Ranges(ArrayList<BoundedSource<Event>> list, long bytes) implements Serializable {}

    /**
     * The same, split now.
     *
     * @throws FileNotFoundException if there must be a file, and is none
     */
    FilesSource found(PipelineOptions options) throws IOException {
        List<FileRangeSource> files = files();
        Ranges ranges = new Ranges(ranges(files, MAX_RANGE_BYTES, options), bytes(files, options));
        return new FilesSource(path, streamPrefix, mayBeNone, ranges);
    }

    @Override
    public List<BoundedSource<Event>> split(long desiredBytes, PipelineOptions options) throws IOException {
        return found == null ? ranges(files(), desiredBytes, options) : found.list();
    }

    private static ArrayList<BoundedSource<Event>> ranges(
            List<FileRangeSource> files, long desiredBytes, PipelineOptions options) throws IOException {
        ArrayList<BoundedSource<Event>> ranges = new ArrayList<>();
        for (FileRangeSource file : files) {
            ranges.addAll(file.ranges(Math.min(desiredBytes, MAX_RANGE_BYTES), options));
        }
        return ranges;
    }

    @Override
    public long getEstimatedSizeBytes(PipelineOptions options) throws IOException {
        return found == null ? bytes(files(), options) : found.bytes();
    }

    private static long bytes(List<FileRangeSource> files, PipelineOptions options) throws IOException {
        long bytes = 0;
        for (FileRangeSource file : files) {
            bytes += file.getEstimatedSizeBytes(options);
        }
        return bytes;
    }

    @Override
    public BoundedReader<Event> createReader(PipelineOptions options) throws IOException {
        return new Reader(this, files().iterator(), options);
    }

    @Override
    public Coder<Event> getOutputCoder() {
        return EventCoder.of();
    }

    /** The files, each as a whole. */
    private List<FileRangeSource> files() throws IOException {
        List<FileRangeSource> files =
                FoundFile.at(path).stream().map(this::whole).toList();
        if (files.isEmpty() && !mayBeNone) {
            throw new FileNotFoundException("path must lead to at least one file, but was " + path);
        }
        return files;
    }

    private FileRangeSource whole(FoundFile file) {
        long end = isCompressed(file.stream()) ? Long.MAX_VALUE : file.file().sizeBytes();
        return new FileRangeSource(file.file(), streamPrefix + file.stream(), 0, end);
    }

    /** The file that a stream's name stands for in a source of a path. */
    static ResourceId fileOf(String path, String stream) throws IOException {
        if (Paths.isGlob(path)) {
            return FileSystems.matchNewResource(Paths.parentOfGlob(path) + stream, false);
        }
        return FoundFile.fileAt(path)
                .map(Metadata::resourceId)
                .filter(file -> stream.equals(file.getFilename()))
                .orElseGet(() -> FileSystems.matchNewResource(FoundFile.asFolder(path) + stream, false));
    }

    static boolean isCompressed(String stream) {
        return stream.endsWith(".gz");
    }

    /** Reads one file after the other. */
    private static final class Reader extends BoundedReader<Event> {
        private final FilesSource source;
        private final Iterator<FileRangeSource> files;
        private final PipelineOptions options;
        private @Nullable BoundedReader<Event> file;

        Reader(FilesSource source, Iterator<FileRangeSource> files, PipelineOptions options) {
            this.source = source;
            this.files = files;
            this.options = options;
        }

        @Override
        public boolean start() throws IOException {
            return startNext();
        }

        @Override
        public boolean advance() throws IOException {
            return (file != null && file.advance()) || startNext();
        }

        private boolean startNext() throws IOException {
            while (files.hasNext()) {
                close();
                file = files.next().createReader(options);
                if (file.start()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public Event getCurrent() {
            if (file == null) {
                throw new NoSuchElementException();
            }
            return file.getCurrent();
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }

        @Override
        public BoundedSource<Event> getCurrentSource() {
            return source;
        }
    }
}
