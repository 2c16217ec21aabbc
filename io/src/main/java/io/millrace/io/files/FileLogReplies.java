package io.millrace.io.files;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads what is appended to a file of replies from now on. */
final class FileLogReplies implements ControlLog.Replies {
    private final LockedFile file;

    private FileLogReplies(LockedFile file) {
        this.file = file;
    }

    /** Begins at the end that the file has now. */
    static FileLogReplies open(Path path) throws IOException {
        LockedFile file = new LockedFile(path);
        file.readLines();
        return new FileLogReplies(file);
    }

    @Override
    public List<ControlReply> read() throws IOException {
        return file.readLines().stream()
                .flatMap(line -> ControlReply.find(line).stream())
                .toList();
    }

    @Override
    public void close() {}
}
