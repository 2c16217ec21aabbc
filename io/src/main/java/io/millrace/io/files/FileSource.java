package io.millrace.io.files;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Files of JSON Lines to read.
 *
 * @param path a file, a glob or a folder
 * @param stream what stands before the paths of its files in the origins of their lines; null for nothing
 */
public record FileSource(
        @Setting(
                value =
                        "A file, a glob or a folder of JSON Lines, one event a line; files that end in .gz are"
                                + " uncompressed. Of a folder every file is read, subfolders too, except what begins with '_' or '.'.",
                example = "data/*.jsonl")
        String path,

        @Setting(
                value =
                        "What stands, with a '/', before the paths of its files where a line is known by them. It must differ between the"
                                + " sources of files that a route reads, by itself or by a join, so that lines of files of one name are told"
                                + " apart.",
                example = "plays")
        @Nullable String stream)
        implements Serializable {

    public FileSource {
        checkArgument(!path.isEmpty(), "path must not be empty");
        checkArgument(stream == null || !stream.isBlank(), "stream must not be empty, but was '%s'", stream);
    }

    /** Files whose lines are known by their paths alone. */
    public FileSource(String path) {
        this(path, null);
    }

    /** What the streams of its files begin with. */
    String prefix() {
        return stream == null ? "" : stream + "/";
    }

    /** The path, if it is on the machine's own file system. */
    public Optional<String> localPath() {
        return Paths.local(path);
    }
}
