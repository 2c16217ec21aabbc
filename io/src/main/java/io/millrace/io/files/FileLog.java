package io.millrace.io.files;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * A control log in a local file: JSON Lines, each a control record with one field more, {@code publishedAt}, in which whoever appends it
 * says when that was. Who appends has the file's lock from before he looks at the clock until the line is written, and who reads has it too.
 *
 * @param path the file
 * @param clock what gives the time at which records are published
 */
record FileLog(String path, Clock clock) implements ControlLog {
    static final String PUBLISHED_AT = "publishedAt";
    private static final String REPLIES = ".replies";

    @Override
    public String name() {
        return path;
    }

    @Override
    public boolean exists() {
        return Files.exists(Path.of(path));
    }

    @Override
    public Reader open() {
        return new FileLogReader(Path.of(path));
    }

    @Override
    public Writer write() {
        return new FileLogWriter(Path.of(path), clock);
    }

    @Override
    public void reply(List<ControlReply> replies) throws IOException {
        LockedFile.append(
                Path.of(path + REPLIES),
                () -> replies.stream().map(ControlReply::toJson).toList());
    }

    @Override
    public Replies listen() throws IOException {
        return FileLogReplies.open(Path.of(path + REPLIES));
    }
}
