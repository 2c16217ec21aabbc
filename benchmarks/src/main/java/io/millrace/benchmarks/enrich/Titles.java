package io.millrace.benchmarks.enrich;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * A table of titles in a file, among them those of all plays.
 *
 * @param file where it is
 * @param rows how many there are
 */
record Titles(Path file, int rows) {

    /** Puts a version of it in the place of the one that is there. */
    void write(int version) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(next)) {
                for (int title = 0; title < rows; title++) {
                    out.write(row(title, version));
                    out.newLine();
                }
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String row(int title, int version) {
        return String.format(
                Locale.ROOT,
                "{\"id\":\"t-%06d\",\"name\":\"The title of number %06d\",%s,\"genres\":[\"drama\",\"comedy\"],\"year\":%d}",
                title,
                title,
                mark(version),
                1950 + title % 77);
    }

    /** What stands in each row of a version. */
    static String mark(int version) {
        return "\"version\":" + version;
    }
}
