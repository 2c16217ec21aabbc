package io.millrace.transforms.enricher;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How calls are made, and what becomes of those that fail.
 *
 * @param timeout how long an answer may take, before the call counts as failed
 * @param giveUpAfter how long a lookup is tried before its element becomes a dead letter; null to wait for the service however long it is out
 * @param firstBackoff how long to wait before the second try; each further one waits twice as long, less up to half
 * @param longestBackoff the longest wait between tries
 * @param openShare of the last {@code openOver} calls which share must fail for the service to count as down, or the {@link
 *     LookupClient#placeOf place} of it that they were to
 * @param openOver over how many calls
 * @param openFor for how long nothing is then asked, before a few calls find out whether it is up again
 */
public record CallSettings(
        Duration timeout,
        @Nullable Duration giveUpAfter,
        Duration firstBackoff,
        Duration longestBackoff,
        double openShare,
        int openOver,
        Duration openFor)
        implements Serializable {

    /** Five seconds for a call, tried until it works. */
    public static final CallSettings DEFAULT = new CallSettings(
            Duration.ofSeconds(5),
            null,
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            0.5,
            100,
            Duration.ofSeconds(5));

    public CallSettings {
        positive("timeout", timeout);
        checkArgument(
                giveUpAfter == null || giveUpAfter.toMillis() > 0,
                "giveUpAfter must be positive, but was %s",
                giveUpAfter);
        positive("firstBackoff", firstBackoff);
        checkArgument(
                longestBackoff.compareTo(firstBackoff) >= 0,
                "longestBackoff must not be shorter than firstBackoff, but was %s and %s",
                longestBackoff,
                firstBackoff);
        checkArgument(openShare > 0 && openShare <= 1, "openShare must be over 0 and at most 1, but was %s", openShare);
        checkArgument(openOver >= 1, "openOver must be at least 1, but was %s", openOver);
        positive("openFor", openFor);
    }

    private static void positive(String name, Duration value) {
        checkArgument(value.toMillis() > 0, "%s must be at least a millisecond, but was %s", name, value);
    }

    /** The same, with another time limit of a call. */
    public CallSettings withTimeout(Duration timeout) {
        return new CallSettings(timeout, giveUpAfter, firstBackoff, longestBackoff, openShare, openOver, openFor);
    }

    /** The same, giving up after a time. */
    public CallSettings withGiveUpAfter(@Nullable Duration giveUpAfter) {
        return new CallSettings(timeout, giveUpAfter, firstBackoff, longestBackoff, openShare, openOver, openFor);
    }

    /** The same, with other waits between tries. */
    public CallSettings withBackoff(Duration first, Duration longest) {
        return new CallSettings(timeout, giveUpAfter, first, longest, openShare, openOver, openFor);
    }

    /** The same, but for when the service counts as down. */
    public CallSettings withCircuitBreaker(double share, int over, Duration pause) {
        return new CallSettings(timeout, giveUpAfter, firstBackoff, longestBackoff, share, over, pause);
    }
}
