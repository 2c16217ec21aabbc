package io.millrace.io.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Appends control records to a file, and says in each when it is published. */
final class FileLogWriter implements ControlLog.Writer {
    private final Path path;
    private final Clock clock;
    private Instant published = Instant.EPOCH;

    FileLogWriter(Path path, Clock clock) {
        this.path = path;
        this.clock = clock;
    }

    @Override
    public Instant append(ControlRecord control) throws IOException {
        LockedFile.append(path, () -> {
            published = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            ObjectNode line = control.toTree();
            line.put(FileLog.PUBLISHED_AT, published.toString());
            return List.of(line.toString());
        });
        return published;
    }

    @Override
    public void close() {}
}
