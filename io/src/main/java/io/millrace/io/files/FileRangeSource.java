package io.millrace.io.files;

import com.google.common.base.Throwables;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.Origin;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.FileBasedSource;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The lines of one file, or of a range of it: those whose first byte lies within. A compressed file has one range. */
final class FileRangeSource extends FileBasedSource<Event> {
    private static final long serialVersionUID = 1;

    private final String stream;

    FileRangeSource(Metadata file, String stream, long start, long end) {
        super(file, 1, start, end);
        this.stream = stream;
    }

    /** Its ranges of so many bytes or fewer. */
    List<? extends BoundedSource<Event>> ranges(long bytes, PipelineOptions options) throws IOException {
        try {
            return split(bytes, options);
        } catch (Exception e) {
            Throwables.throwIfInstanceOf(e, IOException.class);
            Throwables.throwIfUnchecked(e);
            throw new IOException(e);
        }
    }

    @Override
    protected FileBasedSource<Event> createForSubrangeOfFile(Metadata file, long start, long end) {
        return new FileRangeSource(file, stream, start, end);
    }

    @Override
    protected FileBasedReader<Event> createSingleFileReader(PipelineOptions options) {
        return new Reader(this);
    }

    @Override
    protected boolean isSplittable() throws Exception {
        return !isCompressed() && super.isSplittable();
    }

    @Override
    public Coder<Event> getOutputCoder() {
        return EventCoder.of();
    }

    private boolean isCompressed() {
        return FilesSource.isCompressed(stream);
    }

    private static final class Reader extends FileBasedReader<Event> {
        private final FileRangeSource source;
        private @Nullable LineReader lines;
        private @Nullable Event current;

        Reader(FileRangeSource source) {
            super(source);
            this.source = source;
        }

        @Override
        protected void startReading(ReadableByteChannel channel) throws IOException {
            long start = getCurrentSource().getStartOffset();
            if (start > 0) {
                ((SeekableByteChannel) channel).position(start - 1);
                lines = new LineReader(Channels.newInputStream(channel), start - 1);
                lines.skipRestOfLine();
            } else {
                lines = new LineReader(text(channel), 0);
            }
        }

        private InputStream text(ReadableByteChannel channel) throws IOException {
            InputStream bytes = Channels.newInputStream(channel);
            return source.isCompressed() ? uncompressed(bytes) : bytes;
        }

        private InputStream uncompressed(InputStream bytes) throws IOException {
            try {
                return new GZIPInputStream(bytes, 1 << 16);
            } catch (EOFException | ZipException e) {
                throw broken(e);
            }
        }

        private boolean advance(LineReader lines) throws IOException {
            try {
                return lines.advance();
            } catch (EOFException | ZipException e) {
                throw broken(e);
            }
        }

        /** Names the file; the innermost cause is what a person gets to see, so what it was is suppressed instead. */
        private IOException broken(IOException failure) {
            IOException broken =
                    new IOException("file " + source.getSingleFileMetadata().resourceId()
                            + " must be whole and compressed with gzip, but " + reason(failure));
            broken.addSuppressed(failure);
            return broken;
        }

        private static String reason(IOException failure) {
            return failure instanceof EOFException ? "it ends too early" : String.valueOf(failure.getMessage());
        }

        @Override
        protected boolean readNextRecord() throws IOException {
            if (lines == null || !advance(lines)) {
                return false;
            }
            current = Event.of(new Origin(source.stream, 0, lines.lineStart()), null, lines.line());
            return true;
        }

        @Override
        protected long getCurrentOffset() {
            return current == null ? 0 : current.id().origin().offset();
        }

        @Override
        protected boolean isAtSplitPoint() {
            return true;
        }

        @Override
        public Event getCurrent() {
            if (current == null) {
                throw new NoSuchElementException();
            }
            return current;
        }
    }
}
