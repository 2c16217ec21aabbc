package io.millrace.io.files;

import io.millrace.io.source.Originals;
import io.millrace.transforms.event.Origin;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.io.FileSystems;

/** Lines of a source's files, read again one by one. */
final class FileOriginals implements Originals {
    private static final long serialVersionUID = 1;

    private final FileSource source;

    FileOriginals(FileSource source) {
        this.source = source;
    }

    @Override
    public Reader open() {
        return new LineAgain(folder(Paths.withoutFileScheme(source.path())));
    }

    /** What the names of streams are relative to. */
    private static String folder(String path) {
        if (Paths.isGlob(path)) {
            return Paths.parentOfGlob(path);
        }
        return path.endsWith("/") ? path : path + "/";
    }

    private record LineAgain(String folder) implements Reader {

        @Override
        public Optional<byte[]> value(Origin origin) throws IOException {
            try (InputStream text = open(origin.stream())) {
                text.skipNBytes(origin.offset());
                LineReader lines = new LineReader(text, origin.offset());
                return lines.advance() ? Optional.of(lines.line()) : Optional.empty();
            } catch (FileNotFoundException e) {
                return Optional.empty();
            }
        }

        private InputStream open(String stream) throws IOException {
            InputStream bytes =
                    Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(path(stream), false)));
            return stream.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
        }

        /** A source that is one file is that file itself. */
        private String path(String stream) {
            String file = folder.substring(0, folder.length() - (folder.isEmpty() ? 0 : 1));
            return file.endsWith("/" + stream) || file.equals(stream) ? file : folder + stream;
        }

        @Override
        public void close() {}
    }
}
