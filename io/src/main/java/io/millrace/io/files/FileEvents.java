package io.millrace.io.files;

import io.millrace.io.config.Runners;
import io.millrace.io.objects.Archive;
import io.millrace.io.objects.FolderSink;
import io.millrace.io.objects.WriteObjects;
import io.millrace.io.sink.Holdings;
import io.millrace.io.sink.SinkContext;
import io.millrace.io.source.EventTimes;
import io.millrace.io.source.EventsRead;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.DeadLetterCoder;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.EventCoder;
import io.millrace.transforms.event.SystemClock;
import io.millrace.transforms.script.version.ControlLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/** Events in files of JSON Lines: {@link #read} gives one event a line, {@link #write} writes one line an event. */
public final class FileEvents {
    private FileEvents() {}

    /** Reads files. */
    public static ReadFiles read(FileSource source) {
        return new ReadFiles(source, EventTimes.ofRecords(), false);
    }

    /** The lines of files, to be read again one by one. */
    public static Originals originals(FileSource source) {
        return new FileOriginals(source);
    }

    /**
     * Gives every line of files to an action, in this process, one after the other.
     *
     * @throws IOException if no file matches, or one cannot be read
     */
    public static void forEach(FileSource source, PipelineOptions options, Consumer<Event> action) throws IOException {
        FileSystems.setDefaultPipelineOptions(options);
        FilesSource files = new FilesSource(source);
        try (BoundedReader<Event> reader = files.createReader(options)) {
            for (boolean there = reader.start(); there; there = reader.advance()) {
                action.accept(reader.getCurrent());
            }
        }
    }

    /** The versions of a script in a local file, for processes of one machine: a line a record, and replies in {@code <path>.replies}. */
    public static ControlLog controlLog(String path) {
        return new FileLog(Paths.withoutFileScheme(path), SystemClock.utc());
    }

    /** Writes a route's events into a folder; {@link WriteObjects} says how. */
    public static WriteObjects write(FolderSink sink, SinkContext context) {
        return sink.write(Paths.withoutFileScheme(sink.path()), context);
    }

    /** The archive in a folder, of S3 too. */
    public static Archive archive(String path) {
        return Archive.in(Paths.withoutFileScheme(path));
    }

    /** A path, if it is on the machine's own file system. */
    public static Optional<String> localPath(String path) {
        return Paths.local(path);
    }

    /** What a folder holds of a route; {@link FolderSink#holdings} says how. */
    public static Holdings holdings(FolderSink sink, SinkContext context) {
        return sink.holdings(Paths.withoutFileScheme(sink.path()), context);
    }

    /**
     * Gives one event for each line of files of JSON Lines.
     *
     * <p><i>Shape</i>: A file, a glob or a folder, plain or {@code .gz}, to a bounded collection. The value is the line's bytes,
     * unchanged and not looked into, without the line break {@code \n} or {@code \r\n}; the last line needs none; empty lines are
     * skipped. The key is null, and there are no headers. The origin is the file's path relative to the folder (of a glob the
     * longest parent without wildcards), behind the source's {@code stream} if it has one, partition 0, and the position of the line's first byte in the uncompressed text. Names
     * that begin with {@code _} or {@code .}, also of subfolders, are passed over.
     *
     * <p><i>Time</i>: An event has the time that the expression of {@link #withEventTimes} computes from it; without one, events
     * are at the beginning of time. The watermark waits there until everything is read, so nothing is late.
     *
     * <p><i>Guarantee</i>: Every line once, in no order. Plain files are read in ranges of up to 4 MB, in parallel; a compressed
     * file is read by one worker.
     *
     * <p><i>Fails</i>: Without a matching file, unless {@link #ifAny} says otherwise: when the pipeline runs, and on Flink when it is made, which is when the
     * files are looked for there. An event whose time cannot be read is a dead letter.
     */
    public static final class ReadFiles extends PTransform<PBegin, EventsRead> {
        private static final long serialVersionUID = 1;

        private final FileSource source;
        private final EventTimes times;
        private final boolean mayBeNone;

        private ReadFiles(FileSource source, EventTimes times, boolean mayBeNone) {
            this.source = source;
            this.times = times;
            this.mayBeNone = mayBeNone;
        }

        /** How events get their times: only the expression matters, as a line has no time of its own. */
        public ReadFiles withEventTimes(EventTimes times) {
            return new ReadFiles(source, times, mayBeNone);
        }

        /** Nothing where there is no file, instead of a failure. */
        public ReadFiles ifAny() {
            return new ReadFiles(source, times, true);
        }

        @Override
        public EventsRead expand(PBegin begin) {
            PCollection<Event> events = begin.apply(
                    "Read lines", Read.from(files(begin.getPipeline().getOptions())));
            if (times.expression() == null) {
                return EventsRead.of(events, begin.apply("No dead letters", Create.empty(DeadLetterCoder.of())));
            }
            PCollectionTuple stamped = events.apply(
                    "Stamp times",
                    ParDo.of(new StampTimesFn(times.expression()))
                            .withOutputTags(StampTimesFn.STAMPED, TupleTagList.of(StampTimesFn.WITHOUT_TIME)));
            return EventsRead.of(
                    stamped.get(StampTimesFn.STAMPED).setCoder(EventCoder.of()),
                    stamped.get(StampTimesFn.WITHOUT_TIME).setCoder(DeadLetterCoder.of()));
        }

        private FilesSource files(PipelineOptions options) {
            FilesSource files = new FilesSource(source, mayBeNone);
            try {
                return Runners.isFlink(options) ? files.found(options) : files;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
