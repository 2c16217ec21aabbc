package io.millrace.io.sink;

import com.google.common.base.Ticker;
import java.time.Duration;
import org.apache.beam.sdk.util.Sleeper;

/** Time that passes where somebody waits, and where a test says so. */
public final class TimeOfWaiting extends Ticker implements Sleeper {
    private Duration passed = Duration.ZERO;

    @Override
    public void sleep(long millis) {
        pass(Duration.ofMillis(millis));
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        passed = passed.plus(time);
    }

    /** How much has passed. */
    public Duration passed() {
        return passed;
    }

    @Override
    public long read() {
        return passed.toNanos();
    }
}
