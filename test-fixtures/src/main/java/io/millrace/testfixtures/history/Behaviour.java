package io.millrace.testfixtures.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the history service does with calls: what, how late, and with which ones.
 *
 * <pre>{@code
 * service.behave(
 *     Behaviour.hang().forKeys("stuck-"),
 *     Behaviour.throttle(500).retryAfter(Duration.ofSeconds(2)),
 *     Behaviour.status(503).forShare(0.1),
 *     Behaviour.answer().after(Duration.ofMillis(10), Duration.ofMillis(90)));
 * }</pre>
 *
 * <p><i>Shape</i>: of several, the first that is for a call decides it. A call that none is for is answered at once.
 * A call that asks for several keys is one that any of them makes it.
 *
 * <p><i>Guarantee</i>: which calls a behaviour is for depends on their keys, on how many came before since the service
 * was told to behave so, or on their rate; never on chance. Several conditions hold together: a share is one of the
 * calls that have such keys.
 *
 * <p><i>Fails</i>: a value out of its range, with an {@link IllegalArgumentException}.
 *
 * @param deed what is done
 * @param latency how late
 * @param choice with which calls
 */
public record Behaviour(Deed deed, Latency latency, Choice choice) {
    private static final byte[] NO_JSON = {'{', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, 0, '<'};

    private static Behaviour of(Act act, int status, byte[] body, int bytes) {
        Deed deed = new Deed(act, status, Base64.getEncoder().encodeToString(body), bytes, null);
        return new Behaviour(deed, new Latency(0, 0), new Choice("", 1, 1, Long.MAX_VALUE, 0));
    }

    private static Behaviour of(Act act) {
        return of(act, 0, new byte[0], 0);
    }

    /** Answers as {@link Histories} says: 200, or 404 for an unknown profile. */
    public static Behaviour answer() {
        return answerOf(0);
    }

    /** Answers likewise, where the profile is known with a body of at least so many bytes: a long text is added to the history. */
    public static Behaviour answerOf(int bytes) {
        return of(Act.ANSWER, 0, new byte[0], bytes);
    }

    /** Answers 200 with these bytes as {@code application/json}, whatever was asked. */
    public static Behaviour body(byte[] body) {
        return of(Act.SAY, 200, body, 0);
    }

    /** Answers 200 with this text as {@code application/json}, whatever was asked: JSON of the wrong shape, for one. */
    public static Behaviour body(String text) {
        return body(text.getBytes(UTF_8));
    }

    /** Answers 200 with bytes that are neither JSON nor UTF-8. */
    public static Behaviour garbage() {
        return body(NO_JSON);
    }

    /** Answers with an error status. */
    public static Behaviour status(int status) {
        check(status >= 400 && status <= 599, "status must be from 400 to 599, but was " + status);
        return of(Act.SAY, status, ("{\"error\":\"status " + status + "\"}").getBytes(UTF_8), 0);
    }

    /** Answers 429 to the calls above so many within any second; those within are for the behaviours that follow. */
    public static Behaviour throttle(int callsPerSecond) {
        check(callsPerSecond >= 1, "callsPerSecond must be at least 1, but was " + callsPerSecond);
        Behaviour refusal = status(429);
        return refusal.with(refusal.choice.abovePerSecond(callsPerSecond));
    }

    /** Never answers, and leaves the connection open, until {@link HistoryService#releaseHanging}. */
    public static Behaviour hang() {
        return of(Act.HANG);
    }

    /** Resets the connection (RST) instead of an answer. */
    public static Behaviour reset() {
        return of(Act.RESET);
    }

    /** Resets the connection (RST) when half of the answer's bytes are sent. */
    public static Behaviour resetInMidAnswer() {
        return of(Act.RESET_IN_MID_ANSWER);
    }

    /** Closes the connection in good order (FIN) instead of an answer. */
    public static Behaviour close() {
        return of(Act.CLOSE);
    }

    /** The same so long after the call's arrival. */
    public Behaviour after(Duration latency) {
        return after(latency, latency);
    }

    /** The same after a time between two, all equally likely and in the same order in each run. */
    public Behaviour after(Duration least, Duration most) {
        return new Behaviour(deed, new Latency(least.toNanos(), most.toNanos()), choice);
    }

    /** The same with the header {@code Retry-After}, in seconds. */
    public Behaviour retryAfter(Duration wait) {
        return retryAfter(wait, false);
    }

    /** The same with the header {@code Retry-After} as the date that is so far ahead. */
    public Behaviour retryAfterDate(Duration wait) {
        return retryAfter(wait, true);
    }

    private Behaviour retryAfter(Duration wait, boolean asDate) {
        RetryAfter retryAfter = new RetryAfter(wait.toSeconds(), asDate);
        return new Behaviour(new Deed(deed.act, deed.status, deed.body, deed.bytes, retryAfter), latency, choice);
    }

    /** For calls with a key that begins so. */
    public Behaviour forKeys(String prefix) {
        return with(choice.keys(prefix));
    }

    /** For a share of the keys, from 0 to 1: {@link Choice#takes} says for which. */
    public Behaviour forShareOfKeys(double share) {
        return with(choice.shareOfKeys(share));
    }

    /** For a share of the calls, from 0 to 1, spread evenly: of 0.1 the 10th, the 20th, the 30th. */
    public Behaviour forShare(double share) {
        return with(choice.share(share));
    }

    /** For that many calls, the first ones. */
    public Behaviour forFirst(long calls) {
        return with(choice.first(calls));
    }

    private Behaviour with(Choice other) {
        return new Behaviour(deed, latency, other);
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** The kinds of deeds. */
    public enum Act {
        ANSWER,
        SAY,
        HANG,
        RESET,
        RESET_IN_MID_ANSWER,
        CLOSE
    }

    /**
     * What is done.
     *
     * @param status of what is said
     * @param body of what is said, in base64
     * @param bytes that an answer has at least
     * @param retryAfter of what is said, or null
     */
    public record Deed(
            Act act,
            int status,
            String body,
            int bytes,
            @Nullable RetryAfter retryAfter) {
        public Deed {
            check(bytes >= 0, "bytes must be at least 0, but was " + bytes);
            check(retryAfter == null || act == Act.SAY, "retryAfter must be of a status, but was of " + act);
        }
    }

    /** When a client may call again. */
    public record RetryAfter(long seconds, boolean asDate) {
        public RetryAfter {
            check(seconds >= 0, "retryAfter must be at least 0 s, but was " + seconds + " s");
        }
    }

    /** How late it is done. */
    public record Latency(long leastNanos, long mostNanos) {
        public Latency {
            check(leastNanos >= 0, "latency must be at least 0, but was " + Duration.ofNanos(leastNanos));
            check(
                    mostNanos >= leastNanos,
                    "the most latency must be at least " + Duration.ofNanos(leastNanos) + ", but was "
                            + Duration.ofNanos(mostNanos));
        }
    }

    /**
     * With which calls it is done.
     *
     * @param prefix of the keys
     * @param shareOfKeys how many of those keys
     * @param share how many of the calls with such keys
     * @param first how many calls at most
     * @param abovePerSecond the rate above which they are, or 0
     */
    public record Choice(String prefix, double shareOfKeys, double share, long first, int abovePerSecond) {
        private static final double ALL_HASHES = 1L << 32;

        public Choice {
            check(shareOfKeys >= 0 && shareOfKeys <= 1, "shareOfKeys must be from 0 to 1, but was " + shareOfKeys);
            check(share >= 0 && share <= 1, "share must be from 0 to 1, but was " + share);
            check(first >= 0, "first must be at least 0, but was " + first);
        }

        /** Whether any key is taken, so that calls without a key are too. */
        public boolean takesAllKeys() {
            return prefix.isEmpty() && shareOfKeys == 1;
        }

        /** Whether it is for calls with that key. */
        public boolean takes(String key) {
            return key.startsWith(prefix) && (shareOfKeys == 1 || spread(key) < shareOfKeys * ALL_HASHES);
        }

        /** Fibonacci hashing: keys that differ in the last digits alone are spread evenly too. */
        private static long spread(String key) {
            return Integer.toUnsignedLong(key.hashCode() * 0x9E3779B9);
        }

        Choice keys(String other) {
            return new Choice(other, shareOfKeys, share, first, abovePerSecond);
        }

        Choice shareOfKeys(double other) {
            return new Choice(prefix, other, share, first, abovePerSecond);
        }

        Choice share(double other) {
            return new Choice(prefix, shareOfKeys, other, first, abovePerSecond);
        }

        Choice first(long other) {
            return new Choice(prefix, shareOfKeys, share, other, abovePerSecond);
        }

        Choice abovePerSecond(int other) {
            return new Choice(prefix, shareOfKeys, share, first, other);
        }
    }
}
