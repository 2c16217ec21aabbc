package io.millrace.io.files;

import io.millrace.io.objects.Reading;
import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.event.Origin;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.io.fs.ResourceId;

/** Lines of a source's files, read again one by one. */
final class FileOriginals implements Originals {
    private static final long serialVersionUID = 1;

    private final FileSource source;

    FileOriginals(FileSource source) {
        this.source = source;
    }

    @Override
    public Reader open() {
        return new LineAgain(Paths.withoutFileScheme(source.path()), source.prefix());
    }

    private record LineAgain(String path, String prefix) implements Reader {

        /** Without a prefix, an origin is a path below a folder, and does not say which. */
        @Override
        public boolean has(Origin origin) {
            return origin.stream().startsWith(prefix);
        }

        @Override
        public Optional<Event> event(Origin origin) throws IOException {
            if (!has(origin)) {
                return Optional.empty(); // read before the source had a stream
            }
            ResourceId file = FilesSource.fileOf(path, origin.stream().substring(prefix.length()));
            return Reading.ifThere(file, channel -> event(channel, origin));
        }

        private static Optional<Event> event(ReadableByteChannel file, Origin origin) throws IOException {
            try {
                LineReader lines = new LineReader(textFrom(file, origin), origin.offset());
                return lines.advance() ? Optional.of(Event.of(origin, null, lines.line())) : Optional.empty();
            } catch (EOFException e) {
                return Optional.empty(); // the file is shorter than it was
            }
        }

        private static InputStream textFrom(ReadableByteChannel file, Origin origin) throws IOException {
            if (FilesSource.isCompressed(origin.stream())) {
                InputStream text = new GZIPInputStream(Channels.newInputStream(file), 1 << 16);
                text.skipNBytes(origin.offset());
                return text;
            }
            SeekableByteChannel plain = (SeekableByteChannel) file;
            if (origin.offset() >= plain.size()) {
                throw new EOFException();
            }
            return Channels.newInputStream(plain.position(origin.offset()));
        }

        @Override
        public void close() {}
    }
}
