package io.millrace.io.files;

import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a {@link FilesSource} as a stream that ends, each part of which reads its ranges one after the other and knows, in a checkpoint, how far it
 * came.
 *
 * <p>It is there for Flink, where a bounded source that is streamed and has not found its parts by the time its readers ask for them is
 * taken to have none: everything that it holds is passed over, and nothing tells of it. Of an unbounded source readers wait for the parts.
 */
final class FilesStream extends UnboundedSource<Event, FilesStream.Mark> {
    private static final long serialVersionUID = 1;

    private final FilesSource files;
    private final ArrayList<BoundedSource<Event>> ranges = new ArrayList<>();

    private FilesStream(FilesSource files) {
        this.files = files;
    }

    /** The stream of some files, of which there is nothing but its parts. */
    static FilesStream of(FilesSource files) {
        return new FilesStream(files);
    }

    /** As many parts as are desired, some of them with nothing, since on Flink a reader without a part may wait for one for ever. */
    @Override
    public List<FilesStream> split(int desiredParts, PipelineOptions options) throws Exception {
        List<FilesStream> parts = new ArrayList<>();
        for (int part = 0; part < desiredParts; part++) {
            parts.add(of(files));
        }
        int dealt = 0;
        for (BoundedSource<Event> range : files.ranges(Long.MAX_VALUE, options)) {
            parts.get(dealt++ % desiredParts).ranges.add(range);
        }
        return parts;
    }

    @Override
    public UnboundedReader<Event> createReader(PipelineOptions options, @Nullable Mark mark) {
        return new Reader(options, mark == null ? new Mark(0, Mark.NONE) : mark);
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return new MarkCoder();
    }

    @Override
    public Coder<Event> getOutputCoder() {
        return EventCoder.of();
    }

    /**
     * How far a part was read.
     *
     * @param range which of its ranges is being read; as many as there are, where all was read
     * @param line where in its file the last line that was read begins
     */
    record Mark(int range, long line) implements CheckpointMark {
        static final long NONE = -1;

        @Override
        public void finalizeCheckpoint() {}
    }

    private static final class MarkCoder extends AtomicCoder<Mark> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(Mark mark, OutputStream out) throws IOException {
            VarInt.encode(mark.range(), out);
            VarInt.encode(mark.line(), out);
        }

        @Override
        public Mark decode(InputStream in) throws IOException {
            return new Mark(VarInt.decodeInt(in), VarInt.decodeLong(in));
        }
    }

    private final class Reader extends UnboundedReader<Event> {
        private final PipelineOptions options;
        private int range;
        private long line;
        private @Nullable BoundedReader<Event> open;
        private @Nullable Event current;

        Reader(PipelineOptions options, Mark mark) {
            this.options = options;
            this.range = mark.range();
            this.line = mark.line();
        }

        @Override
        public boolean start() throws IOException {
            return advance();
        }

        @Override
        public boolean advance() throws IOException {
            while (!isAtEnd()) {
                Event next = next();
                if (next != null) {
                    current = next;
                    line = lineOf(next);
                    return true;
                }
                close();
                range++;
                line = Mark.NONE;
            }
            return false;
        }

        private boolean isAtEnd() {
            return range == ranges.size();
        }

        /** The next line of the range that is being read; null behind its last. */
        private @Nullable Event next() throws IOException {
            if (open != null) {
                return open.advance() ? open.getCurrent() : null;
            }
            open = ranges.get(range).createReader(options);
            boolean there = open.start();
            while (there && lineOf(open.getCurrent()) <= line) {
                there = open.advance();
            }
            return there ? open.getCurrent() : null;
        }

        private static long lineOf(Event event) {
            return event.id().origin().offset();
        }

        @Override
        public Event getCurrent() {
            if (current == null) {
                throw new NoSuchElementException();
            }
            return current;
        }

        @Override
        public Instant getCurrentTimestamp() {
            return BoundedWindow.TIMESTAMP_MIN_VALUE;
        }

        @Override
        public Instant getWatermark() {
            return isAtEnd() ? BoundedWindow.TIMESTAMP_MAX_VALUE : BoundedWindow.TIMESTAMP_MIN_VALUE;
        }

        @Override
        public Mark getCheckpointMark() {
            return new Mark(range, line);
        }

        @Override
        public FilesStream getCurrentSource() {
            return FilesStream.this;
        }

        @Override
        public void close() throws IOException {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }
}
