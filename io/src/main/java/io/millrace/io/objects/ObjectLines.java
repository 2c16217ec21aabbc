package io.millrace.io.objects;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.Compression;
import org.jspecify.annotations.Nullable;

/** The lines of an object, one after the other. */
final class ObjectLines implements Closeable {
    private final BufferedReader reader;

    private ObjectLines(BufferedReader reader) {
        this.reader = reader;
    }

    /** A line has no line breaks in it, whatever its encoding, and ISO 8859-1 gives each byte back as it was. */
    static ObjectLines of(Folder folder, String object) throws IOException {
        return new ObjectLines(new BufferedReader(
                Channels.newReader(Compression.detect(object).readDecompressed(folder.open(object)), ISO_8859_1)));
    }

    /** The next line; null behind the last. */
    byte @Nullable [] next() throws IOException {
        String line = reader.readLine();
        return line == null ? null : line.getBytes(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
