package io.millrace.testfixtures.historyserver;

import java.time.Clock;

/** The clock of the service: the one place that reads the system's. */
final class SystemClock {
    private SystemClock() {}

    static Clock utc() {
        return Clock.systemUTC();
    }
}
