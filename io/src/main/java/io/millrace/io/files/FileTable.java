package io.millrace.io.files;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.io.table.RowPlace;
import io.millrace.io.table.RowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Rows of a file of JSON Lines that every worker can read by the same path.
 *
 * <p><i>Guarantee</i>: the version is when the file was last changed, its size, and which file it is. A load fails during which that
 * changes. Whoever changes the file should write another and rename it: half a file that nobody writes to any more looks like a whole one.
 *
 * @param path of the file
 */
public record FileTable(
        @Setting(
                value =
                        "A file of JSON Lines, a row a line, which may be compressed with gzip, on every worker. To change it, write"
                                + " another and rename it.",
                example = "data/videos.jsonl")
        String path)
        implements RowPlace {

    public FileTable {
        checkArgument(!path.isEmpty(), "path must not be empty");
        checkArgument(
                Paths.local(path).isPresent(), "path must be one of the machine's own file system, but was '%s'", path);
    }

    @Override
    public String place() {
        return path;
    }

    @Override
    public Optional<String> read(String held, RowReader rows) throws IOException, InterruptedException {
        Path file = Path.of(Paths.withoutFileScheme(path));
        String version = version(file);
        if (version.equals(held)) {
            return Optional.empty();
        }
        try (InputStream text = Files.newInputStream(file)) {
            rows.lines(text);
        }
        if (!version(file).equals(version)) {
            throw new IOException("it was changed while it was read");
        }
        return Optional.of(version);
    }

    private static String version(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no such file");
        }
        BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
        return of.lastModifiedTime() + ", " + of.size() + " bytes, " + of.fileKey();
    }
}
