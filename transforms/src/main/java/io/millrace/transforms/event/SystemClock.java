package io.millrace.transforms.event;

import java.time.Clock;

/** The clock of a transform that is given no other: the one place that reads the system's. */
public final class SystemClock {
    private SystemClock() {}

    /** The system's clock, in UTC; serialisable. */
    public static Clock utc() {
        return Clock.systemUTC();
    }
}
