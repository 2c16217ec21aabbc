package io.millrace.io.files;

import static com.google.common.base.Preconditions.checkArgument;

import io.millrace.io.config.Setting;
import io.millrace.transforms.event.Event;
import io.millrace.transforms.view.FullPublish;
import java.util.Optional;

/**
 * A full publish that stands in files of JSON Lines: all of them together, in the order of their names, are one.
 *
 * <p><i>Shape</i>: an entry is a line that is not blank, as the bytes that were read, without its line break; the last one needs none. Its key
 * is null, its origin the file as {@code path} leads to it, partition 0, and the position of the line's first byte in the uncompressed
 * text. A page has up to {@value #LINES_A_PAGE} lines, and ends with the line that fills {@value #BYTES_A_PAGE} bytes. The version is when
 * the newest of the files was changed, in milliseconds.
 *
 * <p>Files are read where Beam's file systems have them: on every worker by the same path, or in S3, which the pipeline's options lead to.
 * What was compressed is read again from its beginning where another reader goes on. Files are looked at anew for each page, so few
 * large ones cost less than many small ones.
 *
 * <p><i>Guarantee</i>: all pages are of the files as they were at the beginning, which their names, sizes and times of change say, of the
 * machine's own files also which they are, and of S3's their ETags. Whoever changes a file should write another and rename it: half a file
 * that nobody writes to any more looks like a whole one.
 *
 * <p><i>Fails</i>: a page cannot be read now, and is read again, where there is no file, one cannot be read or is not whole, or a line has more than
 * {@value #LONGEST_LINE} bytes. What was begun is broken off where the files are others than at the beginning, and where a cursor is
 * none of theirs.
 *
 * @param path a file, a glob or a folder
 */
public record FilePublish(
        @Setting(
                value =
                        "A file, a glob or a folder of JSON Lines, one entry a line, on every worker; files that end in .gz are"
                                + " uncompressed. Of a folder every file is read, subfolders too, except what begins with '_' or '.'. All of"
                                + " them are one publish, as of when the newest was changed. To change a file, write another and rename it.",
                example = "data/assets.jsonl")
        String path)
        implements FullPublish<Event> {

    /** How many lines a page has. */
    public static final int LINES_A_PAGE = 1_000;

    /** With how many bytes a page ends. */
    public static final int BYTES_A_PAGE = 1 << 20;

    /** How many bytes a line may have. */
    public static final int LONGEST_LINE = 16 << 20;

    public FilePublish {
        checkArgument(!path.isEmpty(), "path must not be empty");
    }

    /** Where it is, for people. */
    public String place() {
        return path;
    }

    /** The path, if it is on the machine's own file system. */
    public Optional<String> localPath() {
        return Paths.local(path);
    }

    @Override
    public Reader<Event> open() {
        return new FilePages(path, LINES_A_PAGE, BYTES_A_PAGE, LONGEST_LINE);
    }
}
