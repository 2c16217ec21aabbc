package io.millrace.io.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlLog.Entry;
import io.millrace.transforms.script.version.ControlLog.Read;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Reads what has been appended to a file of control records. */
final class FileLogReader implements ControlLog.Reader {
    private final LockedFile file;

    FileLogReader(Path path) {
        this.file = new LockedFile(path);
    }

    @Override
    public Read read() throws IOException {
        return new Read(file.readLines().stream().map(FileLogReader::entry).toList(), true);
    }

    /** A line that is no record, or does not say when it was published, is given as it is: so it is refused. */
    private static Entry entry(String line) {
        return ControlRecord.treeOf(line)
                .filter(control -> control.path(FileLog.PUBLISHED_AT).isTextual())
                .flatMap(FileLogReader::entry)
                .orElse(new Entry(line, null));
    }

    private static Optional<Entry> entry(ObjectNode control) {
        try {
            Instant published =
                    Instant.parse(control.remove(FileLog.PUBLISHED_AT).textValue());
            return Optional.of(new Entry(control.toString(), published));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {}
}
