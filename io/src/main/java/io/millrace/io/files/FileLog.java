package io.millrace.io.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
    public Reader open() {
        return new FileLogReader(Path.of(path));
    }

    @Override
    public void append(ControlRecord control) throws IOException {
        LockedFile.append(Path.of(path), () -> {
            ObjectNode line = control.toTree();
            line.put(
                    PUBLISHED_AT, clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
            return List.of(line.toString());
        });
    }

    @Override
    public void reply(List<ControlReply> replies) throws IOException {
        LockedFile.append(
                Path.of(path + REPLIES),
                () -> replies.stream().map(ControlReply::toJson).toList());
    }

    @Override
    public List<ControlReply> replies(String control) throws IOException {
        List<ControlReply> replies = new ArrayList<>();
        for (String line : new LockedFile(Path.of(path + REPLIES)).readLines()) {
            ControlReply reply = ControlReply.parse(line);
            if (reply.record().equals(control)) {
                replies.add(reply);
            }
        }
        return replies;
    }
}
