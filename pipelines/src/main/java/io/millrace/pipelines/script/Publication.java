package io.millrace.pipelines.script;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.TimelyAppend;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a record to a control log.
 *
 * @param effectiveFrom from which event time on the record counts; null for a second after it is sent
 * @param clock what tells that time
 */
public record Publication(@Nullable Instant effectiveFrom, Clock clock) {

    /** Sends a record, which then counts as it is given here. */
    public ControlRecord send(ControlRecord control, ControlLog log) throws IOException {
        try (ControlLog.Writer writer = log.write()) {
            if (effectiveFrom == null) {
                return new TimelyAppend(writer, clock)
                        .append(from -> Optional.of(control.withEffectiveFrom(from)))
                        .orElseThrow();
            }
            ControlRecord sent = control.withEffectiveFrom(effectiveFrom);
            writer.append(sent);
            return sent;
        }
    }
}
