package io.millrace.io.files;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import java.io.Serializable;
import java.util.Optional;

/**
 * Files of JSON Lines to read.
 *
 * @param path a file, a glob or a folder
 */
public record FileSource(
        @Setting(
                value =
                        "A file, a glob or a folder of JSON Lines, one event a line; files that end in .gz are"
                                + " uncompressed. Of a folder every file is read, subfolders too, except what begins with '_' or '.'.",
                example = "data/*.jsonl")
        String path)
        implements Serializable {

    public FileSource {
        checkArgument(!path.isEmpty(), "path must not be empty");
    }

    /** The path, if it is on the machine's own file system. */
    public Optional<String> localPath() {
        return Paths.local(path);
    }
}
