package io.millrace.transforms.script.version;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes records that count from shortly ahead on, so that they are published early enough: the clock is looked at when everything else
 * is ready, and a record that the log took too late is written again at once, for a later time.
 *
 * <p><i>Time</i>: {@link VersionBook#AHEAD} by the clock. What is written again lies twice as far ahead each time, by the clock or that
 * of the log, whichever is later. After four times it is left at that, and the record is refused.
 *
 * @param writer the log, open
 * @param clock what tells the time
 */
public record TimelyAppend(ControlLog.Writer writer, Clock clock) {
    private static final int TIMES = 4;

    /**
     * Writes the record for a time.
     *
     * @param record the record that counts from a time on, or nothing where there is no more reason for one
     * @return the record that was written last
     */
    @CanIgnoreReturnValue
    public Optional<ControlRecord> append(Function<Instant, Optional<ControlRecord>> record) throws IOException {
        Optional<ControlRecord> last = Optional.empty();
        Instant now = now();
        Duration ahead = VersionBook.AHEAD;
        for (int time = 0; time < TIMES; time++) {
            Optional<ControlRecord> next = record.apply(now.plus(ahead));
            if (next.isEmpty()) {
                return last;
            }
            last = next;
            Instant published = writer.append(next.get());
            if (isEarlyEnough(next.get(), published)) {
                return last;
            }
            now = later(now(), published);
            ahead = ahead.multipliedBy(2);
        }
        return last;
    }

    private static boolean isEarlyEnough(ControlRecord control, Instant published) {
        return !control.effectiveFrom().isBefore(published.plus(VersionBook.LEAD));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
