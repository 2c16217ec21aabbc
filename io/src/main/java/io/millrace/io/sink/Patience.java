package io.millrace.io.sink;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.BackOffUtils;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.joda.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits between attempts to reach a service that does not answer or has too much to do: first for a tenth of a second, then longer and
 * longer, up to ten seconds.
 *
 * <p>Five minutes of waiting without any success fail the bundle, which a streaming runner then begins again from the last
 * checkpoint. So nothing is lost either way, and no checkpoint is held up for longer than runners allow.
 */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration AT_MOST = Duration.standardMinutes(5);
    private static final FluentBackoff PAUSES = FluentBackoff.DEFAULT
            .withInitialBackoff(Duration.millis(100))
            .withMaxBackoff(Duration.standardSeconds(10))
            .withMaxCumulativeBackoff(AT_MOST);

    private final String service;
    private final Sleeper sleeper;
    private BackOff pauses = PAUSES.backoff();

    private Patience(String service, Sleeper sleeper) {
        this.service = service;
        this.sleeper = sleeper;
    }

    /** Patience with a service, which is named in messages. */
    public static Patience with(String service) {
        return new Patience(service, Sleeper.DEFAULT);
    }

    /** The same, waiting in another way. */
    public Patience by(Sleeper sleeper) {
        return new Patience(service, sleeper);
    }

    /** Something succeeded: the next wait is a short one again. */
    public void succeeded() {
        pauses = PAUSES.backoff();
    }

    /**
     * Waits before the next attempt.
     *
     * @param trouble why the last one did not succeed
     * @throws IOException if it was waited long enough, or the thread was interrupted
     */
    public void await(String trouble) throws IOException {
        LOG.warn("waiting for {}: {}", service, trouble);
        if (!pause()) {
            throw new IOException(
                    service + " must answer within " + AT_MOST.getStandardMinutes() + " minutes, but: " + trouble);
        }
    }

    private boolean pause() throws InterruptedIOException {
        try {
            return BackOffUtils.next(sleeper, pauses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + service);
        }
    }
}
