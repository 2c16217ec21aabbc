package io.millrace.testfixtures.events;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of one document a line. */
public final class JsonLines {

    private JsonLines() {}

    /** Writes documents, none of which has a line break in it, to a file in their order. */
    public static void write(Path file, Stream<byte[]> documents) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (byte[] document : (Iterable<byte[]>) documents::iterator) {
                out.write(document);
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
