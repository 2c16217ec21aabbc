package io.millrace.io.kafka;

import java.time.Clock;

/** The clock of a read that is given no other. */
final class SystemClock {
    private SystemClock() {}

    static Clock utc() {
        return Clock.systemUTC();
    }
}
