package io.millrace.io.files;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The lines of all files that a path stands for, in ranges of a few megabytes, since a runner may hold a range's events at once. */
final class FilesSource extends BoundedSource<Event> {
    private static final long serialVersionUID = 1;
    private static final long MAX_RANGE_BYTES = 4L << 20;

    private final String path;
    private final String streamPrefix;
    private final boolean mayBeNone;

    FilesSource(FileSource source) {
        this(source, false);
    }

    /** The lines of files, of which there may be none. */
    FilesSource(FileSource source, boolean mayBeNone) {
        this.path = Paths.withoutFileScheme(source.path());
        this.streamPrefix = source.prefix();
        this.mayBeNone = mayBeNone;
    }

    @Override
    public List<? extends BoundedSource<Event>> split(long desiredBytes, PipelineOptions options) throws Exception {
        List<BoundedSource<Event>> ranges = new ArrayList<>();
        for (FileRangeSource file : files()) {
            ranges.addAll(file.split(Math.min(desiredBytes, MAX_RANGE_BYTES), options));
        }
        return ranges;
    }

    @Override
    public long getEstimatedSizeBytes(PipelineOptions options) throws IOException {
        long size = 0;
        for (FileRangeSource file : files()) {
            size += file.getEstimatedSizeBytes(options);
        }
        return size;
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
        List<FileRangeSource> files = find();
        if (files.isEmpty()) {
            files = find(); // Beam's listing of S3 is empty where it does not find one of the objects when it looks at
            // each
        }
        if (files.isEmpty() && !mayBeNone) {
            throw new FileNotFoundException("path must lead to at least one file, but was " + path);
        }
        return files;
    }

    private List<FileRangeSource> find() throws IOException {
        return Paths.isGlob(path) ? matching(path, Paths.parentOfGlob(path)) : fileOrFolder();
    }

    private List<FileRangeSource> fileOrFolder() throws IOException {
        Optional<Metadata> file = file(path);
        if (file.isPresent()) {
            return List.of(whole(file.get(), file.get().resourceId().getFilename()));
        }
        String folder = asFolder(path);
        return matching(folder + "**", folder);
    }

    /** The file that a stream's name stands for in a source of a path. */
    static ResourceId fileOf(String path, String stream) throws IOException {
        if (Paths.isGlob(path)) {
            return FileSystems.matchNewResource(Paths.parentOfGlob(path) + stream, false);
        }
        return file(path)
                .map(Metadata::resourceId)
                .filter(file -> stream.equals(file.getFilename()))
                .orElseGet(() -> FileSystems.matchNewResource(asFolder(path) + stream, false));
    }

    /** What lies at a path, if that is a file. */
    private static Optional<Metadata> file(String path) throws IOException {
        if (Paths.isBucket(path)) {
            return Optional.empty(); // Beam fails where it is asked for an object without a name
        }
        return FileSystems.match(path, EmptyMatchTreatment.ALLOW).metadata().stream()
                .filter(found -> !found.resourceId().isDirectory())
                .findFirst();
    }

    private static String asFolder(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    private List<FileRangeSource> matching(String glob, String folder) throws IOException {
        String prefix = FileSystems.matchNewResource(folder.isEmpty() ? "./" : folder, true)
                .toString();
        List<FileRangeSource> files = new ArrayList<>();
        for (Metadata file : FileSystems.match(glob, EmptyMatchTreatment.ALLOW).metadata()) {
            String stream = file.resourceId().toString().substring(prefix.length());
            if (!isHidden(stream)) {
                files.add(whole(file, stream));
            }
        }
        return files;
    }

    private static boolean isHidden(String stream) {
        for (String part : stream.split("/")) {
            if (part.startsWith("_") || part.startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private FileRangeSource whole(Metadata file, String stream) {
        long end = isCompressed(stream) ? Long.MAX_VALUE : file.sizeBytes();
        return new FileRangeSource(file, streamPrefix + stream, 0, end);
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
