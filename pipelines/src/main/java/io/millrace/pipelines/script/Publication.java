package io.millrace.pipelines.script;

import io.millrace.transforms.script.version.ControlLog;
import io.millrace.transforms.script.version.ControlRecord;
import io.millrace.transforms.script.version.ControlReply;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a record to a control log, and waits for what running jobs say of it.
 *
 * @param log the log
 * @param effectiveFrom from which event time on the record counts; null for a second after it is sent
 * @param clock what tells that time
 */
public record Publication(ControlLog log, @Nullable Instant effectiveFrom, Clock clock) {
    /** How far ahead a version counts, so that every worker knows it by then. */
    private static final Duration AHEAD = Duration.ofSeconds(1);

    private static final Duration ASKED_EVERY = Duration.ofMillis(100);

    /** A record that counts from then on. */
    public ControlRecord timed(ControlRecord control) {
        return new ControlRecord(
                control.id(),
                control.source(),
                control.version(),
                effectiveFrom == null ? clock.instant().plus(AHEAD).truncatedTo(ChronoUnit.MILLIS) : effectiveFrom,
                control.author(),
                control.tests(),
                control.reason());
    }

    /** Sends a record, which then counts as it is given here. */
    public ControlRecord send(ControlRecord control) throws IOException {
        ControlRecord sent = timed(control);
        log.append(sent);
        return sent;
    }

    /** What routes say of a record, once each; nothing if no job says anything in that time. */
    public List<ControlReply> replies(ControlRecord control, Duration within) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        List<ControlReply> replies = log.replies(control.id());
        while (replies.isEmpty() && System.nanoTime() - begun < within.toNanos()) {
            pause();
            replies = log.replies(control.id());
        }
        return new ArrayList<>(replies.stream().distinct().toList());
    }

    private static void pause() throws InterruptedException {
        if (new CountDownLatch(1).await(ASKED_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts down");
        }
    }
}
