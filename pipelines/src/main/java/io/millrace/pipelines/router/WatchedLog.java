package io.millrace.pipelines.router;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.util.List;

/** A control log for a run that reads what is in it and says nothing of it. */
record WatchedLog(ControlLog log) implements ControlLog {

    @Override
    public String name() {
        return log.name();
    }

    @Override
    public boolean exists() throws IOException {
        return log.exists();
    }

    @Override
    public Reader open() throws IOException {
        return log.open();
    }

    @Override
    public Writer write() {
        throw new IllegalStateException("control log " + name() + " must not be written by a run that looks on");
    }

    @Override
    public void reply(List<ControlReply> replies) {}

    @Override
    public Replies listen() throws IOException {
        return log.listen();
    }
}
