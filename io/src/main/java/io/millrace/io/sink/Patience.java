package io.millrace.io.sink;

import com.google.common.base.Stopwatch;
import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.apache.beam.sdk.util.BackOff;
import org.apache.beam.sdk.util.FluentBackoff;
import org.apache.beam.sdk.util.Sleeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits between attempts to reach a service that does not answer or has too much to do: first for a tenth of a second, then longer and
 * longer, up to ten seconds.
 *
 * <p>Five minutes of trouble fail the bundle, which a streaming runner then begins again from the last checkpoint. So nothing is lost
 * either way, and no checkpoint is held up for longer than runners allow. Trouble lasts from an attempt that did not succeed to the
 * next one that does, so a service that lets every attempt hang is given up as early as one that refuses each at once.
 */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration AT_MOST = Duration.ofMinutes(5);
    private static final FluentBackoff PAUSES = FluentBackoff.DEFAULT
            .withInitialBackoff(org.joda.time.Duration.millis(100))
            .withMaxBackoff(org.joda.time.Duration.standardSeconds(10));

    private final String service;
    private final Sleeper sleeper;
    private final Stopwatch trouble;
    private BackOff pauses = PAUSES.backoff();

    private Patience(String service, Sleeper sleeper, Ticker ticker) {
        this.service = service;
        this.sleeper = sleeper;
        this.trouble = Stopwatch.createUnstarted(ticker);
    }

    /** Patience with a service, which is named in messages. */
    public static Patience with(String service) {
        return new Patience(service, Sleeper.DEFAULT, Ticker.systemTicker());
    }

    /** The same, waiting in another way, by another clock. */
    public Patience by(Sleeper sleeper, Ticker ticker) {
        return new Patience(service, sleeper, ticker);
    }

    /** The trouble is over for now: the next wait is a short one again, but what was waited so far counts. */
    public void answered() {
        if (trouble.isRunning()) {
            trouble.stop();
        }
        pauses = PAUSES.backoff();
    }

    /** What was to be done is done, or something else begins: what was waited so far no longer counts. */
    public void renew() {
        answered();
        trouble.reset();
    }

    /**
     * Waits before the next attempt.
     *
     * @param why why the last one did not succeed
     * @throws IOException if the next one would come too late, or the thread was interrupted
     */
    public void await(String why) throws IOException {
        LOG.warn("waiting for {}: {}", service, why);
        if (!trouble.isRunning()) {
            trouble.start();
        }
        long pause = pauses.nextBackOffMillis();
        if (trouble.elapsed().plusMillis(pause).compareTo(AT_MOST) > 0) {
            throw new IOException(service + " must answer within " + AT_MOST.toMinutes() + " minutes, but: " + why);
        }
        pause(pause);
    }

    private void pause(long millis) throws InterruptedIOException {
        try {
            sleeper.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + service);
        }
    }
}
