package io.millrace.transforms.enricher;

import java.time.Duration;

/** A service that asks for a pause: no call is made until it is over, and then this one again. */
public final class LookupThrottledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration pause;

    /** Asks for a pause. */
    public LookupThrottledException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    /** How long to ask nothing. */
    public Duration pause() {
        return pause;
    }
}
