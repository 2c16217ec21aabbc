package io.millrace.transforms.script.version;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a control log again and again, on one thread. */
final class LogReading {
    private static final Logger LOG = LoggerFactory.getLogger(LogReading.class);
    private static final String UNTIL_THEN =
            "until then events that are ahead of what is known get the version known last, and say so"
                    + " in the header millrace-script-provisional; without a first version they wait for one";

    private final ControlLog log;
    private final Knowledge knowledge;
    private final Clock clock;

    private ControlLog.@Nullable Reader reader;
    private boolean closed;

    LogReading(ControlLog log, Knowledge knowledge, Clock clock) {
        this.log = log;
        this.knowledge = knowledge;
        this.clock = clock;
    }

    /** Reads what has come. */
    void read() {
        if (closed) {
            return; // a reading that was due
        }
        long asked = clock.millis();
        try {
            if (reader == null) {
                reader = log.open();
            }
            if (knowledge.took(reader.read(), asked)) {
                LOG.info("control log {} can be read again", log.name());
            }
        } catch (Exception | Error e) { // an executor would not try again, and not say why
            failed(e);
        }
    }

    private void failed(Throwable e) {
        if (!knowledge.failed(e)) {
            return;
        }
        if (e instanceof ControlLogException) {
            LOG.error("control log {} can never be read as it is: {}", log.name(), UNTIL_THEN, e);
        } else {
            LOG.warn("control log {} cannot be read, which is tried again: {}", log.name(), UNTIL_THEN, e);
        }
    }

    void close() {
        closed = true;
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
